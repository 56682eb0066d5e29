#include "core/vertex/catalogue.hpp"

#include "core/config/grammar.hpp"

#include "built_in_models.hpp" // generated from config/models.toml

#include <toml++/toml.h>

#include <fmt/format.h>

#include <algorithm>

namespace vertex_relay::core {

namespace {

using complaint = std::optional<std::string>;

std::string place(toml::source_region const& source) {
    return fmt::format("line {}, column {}", source.begin.line, source.begin.column);
}

complaint wrong(toml::node const& where, std::string_view what) {
    return fmt::format("{}: {}", place(where.source()), what);
}

complaint read_text(toml::node const& from, std::string_view key, std::string& into) {
    auto text = from.value<std::string>();
    into = text.value_or(std::string());
    return text ? std::nullopt : wrong(from, fmt::format("`{}` must be a string", key));
}

complaint read_date(toml::node const& from, std::string_view key, std::string& into) {
    auto date = from.value<toml::date>();
    if (!date) {
        return wrong(from, fmt::format("`{}` must be a date such as 2027-03-31", key));
    }
    into = fmt::format("{:04}-{:02}-{:02}", date->year, date->month, date->day);
    return std::nullopt;
}

complaint read_locations(toml::node const& from, std::vector<std::string>& into) {
    constexpr std::string_view wanted = "`locations` must be a list of locations";
    auto const* list = from.as_array();
    if (list == nullptr) {
        return wrong(from, wanted);
    }
    for (auto const& item : *list) {
        auto text = item.value<std::string>().value_or(std::string());
        if (!grammar::is_location(text)) {
            return wrong(item, wanted);
        }
        into.push_back(std::move(text));
    }
    return std::nullopt;
}

complaint read_id(toml::node const& from, std::string& into) {
    auto bad = read_text(from, "id", into);
    if (bad || grammar::is_publisher_model(into)) {
        return bad;
    }
    return wrong(from, "`id` must be of the form publisher/model");
}

complaint read_field(toml::key const& key, toml::node const& value, catalogue_model& out) {
    if (key == "id") {
        return read_id(value, out.id);
    }
    if (key == "locations") {
        return read_locations(value, out.locations);
    }
    if (key == "released") {
        return read_date(value, key.str(), out.released);
    }
    if (key == "retires") {
        return read_date(value, key.str(), out.retires);
    }
    if (key == "note") {
        return read_text(value, key.str(), out.note);
    }
    return fmt::format("{}: unknown key `{}`", place(key.source()), key.str());
}

complaint read_model(toml::table const& table, catalogue_model& out) {
    for (auto const& [key, value] : table) {
        if (auto bad = read_field(key, value, out)) {
            return bad;
        }
    }
    return out.id.empty() ? wrong(table, "a model needs an `id`") : std::nullopt;
}

} // namespace

std::expected<catalogue, std::string> catalogue::parse(std::string_view text) {
    toml::table document;
    try {
        document = toml::parse(text);
    } catch (toml::parse_error const& error) {
        return std::unexpected(fmt::format("{}: {}", place(error.source()), error.description()));
    }
    auto const* list = document["model"].as_array();
    if (list == nullptr || list->empty()) {
        return std::unexpected("there are no [[model]] tables");
    }
    catalogue out;
    for (auto const& item : *list) {
        auto const* table = item.as_table();
        catalogue_model model;
        auto bad = table == nullptr ? wrong(item, "expected a [[model]] table")
                                    : read_model(*table, model);
        if (!bad && out.find(model.id) != nullptr) {
            bad = wrong(*table->get("id"), fmt::format("`{}` is listed twice", model.id));
        }
        if (bad) {
            return std::unexpected(std::move(*bad));
        }
        out.models_.push_back(std::move(model));
    }
    return out;
}

catalogue catalogue::built_in() {
    return parse(built_in_models).value_or(catalogue{});
}

catalogue_model const* catalogue::find(std::string_view id) const {
    auto found = std::ranges::find(models_, id, &catalogue_model::id);
    return found == models_.end() ? nullptr : &*found;
}

bool is_retired(catalogue_model const& model, std::string_view today) {
    return !model.retires.empty() && model.retires < today;
}

} // namespace vertex_relay::core
