#include "core/vertex/catalogue.hpp"

#include "built_in_models.hpp" // generated from config/models.toml

#include <toml++/toml.h>

#include <fmt/format.h>

#include <algorithm>

namespace vertex_relay::core {

namespace {

std::string date_text(toml::node_view<toml::node const> node) {
    if (auto date = node.value<toml::date>()) {
        return fmt::format("{:04}-{:02}-{:02}", date->year, date->month, date->day);
    }
    return {};
}

catalogue_model read_model(toml::table const& table) {
    catalogue_model out{.id = table["id"].value_or(std::string())};
    if (auto const* list = table["locations"].as_array()) {
        for (auto const& item : *list) {
            out.locations.push_back(item.value_or(std::string()));
        }
    }
    out.released = date_text(table["released"]);
    out.retires = date_text(table["retires"]);
    out.note = table["note"].value_or(std::string());
    return out;
}

} // namespace

std::expected<catalogue, std::string> catalogue::parse(std::string_view text) {
    toml::table document;
    try {
        document = toml::parse(text);
    } catch (toml::parse_error const& error) {
        return std::unexpected(fmt::format("line {}, column {}: {}", error.source().begin.line,
                                           error.source().begin.column, error.description()));
    }
    catalogue out;
    if (auto const* list = document["model"].as_array()) {
        for (auto const& item : *list) {
            if (auto const* table = item.as_table()) {
                out.models_.push_back(read_model(*table));
            }
        }
    }
    bool named = std::ranges::all_of(out.models_, [](auto const& m) { return !m.id.empty(); });
    if (out.models_.empty() || !named) {
        return std::unexpected("no [[model]] tables, or one without an `id`");
    }
    return out;
}

catalogue catalogue::built_in() { return parse(built_in_models).value_or(catalogue{}); }

catalogue_model const* catalogue::find(std::string_view id) const {
    auto found = std::ranges::find(models_, id, &catalogue_model::id);
    return found == models_.end() ? nullptr : &*found;
}

bool is_retired(catalogue_model const& model, std::string_view today) {
    return !model.retires.empty() && model.retires < today;
}

} // namespace vertex_relay::core
