#include "core/vertex/catalogue.hpp"

#include "core/config/grammar.hpp"
#include "core/vertex/table_file.hpp"

#include "built_in_models.hpp" // generated from config/models.toml

#include <fmt/format.h>

#include <algorithm>

namespace vertex_relay::core {

namespace {

complaint read_text(toml::node const& from, std::string_view key, std::string& into) {
    auto text = from.value<std::string>();
    into = text.value_or(std::string());
    return text ? std::nullopt : complain_at(from, fmt::format("`{}` must be a string", key));
}

complaint read_locations(toml::node const& from, std::vector<std::string>& into) {
    constexpr std::string_view wanted = "`locations` must be a list of locations";
    auto const* list = from.as_array();
    if (list == nullptr) {
        return complain_at(from, wanted);
    }
    for (auto const& item : *list) {
        auto text = item.value<std::string>().value_or(std::string());
        if (!grammar::is_location(text)) {
            return complain_at(item, wanted);
        }
        into.push_back(std::move(text));
    }
    return std::nullopt;
}

complaint read_model_id(toml::node const& from, std::string_view key, std::string& into) {
    auto bad = read_text(from, key, into);
    if (bad || grammar::is_publisher_model(into)) {
        return bad;
    }
    return complain_at(from, fmt::format("`{}` must be of the form publisher/model", key));
}

complaint read_field(toml::key const& key, toml::node const& value, catalogue_model& out) {
    if (key == "id") {
        return read_model_id(value, key.str(), out.id);
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
    if (key == "successor") {
        return read_model_id(value, key.str(), out.successor);
    }
    if (key == "note") {
        return read_text(value, key.str(), out.note);
    }
    return fmt::format("{}: unknown key `{}`", place_of(key.source()), key.str());
}

complaint read_model(toml::table const& table, catalogue_model& out) {
    for (auto const& [key, value] : table) {
        if (auto bad = read_field(key, value, out)) {
            return bad;
        }
    }
    return out.id.empty() ? complain_at(table, "a model needs an `id`") : std::nullopt;
}

} // namespace

std::expected<catalogue, std::string> catalogue::parse(std::string_view text) {
    catalogue out;
    auto tables = read_tables(text, "model", [&](toml::table const& table) {
        catalogue_model model;
        auto bad = read_model(table, model);
        if (!bad && out.find(model.id) != nullptr) {
            bad = complain_at(*table.get("id"), fmt::format("`{}` is listed twice", model.id));
        }
        out.models_.push_back(std::move(model));
        return bad;
    });
    if (!tables) {
        return std::unexpected(std::move(tables.error()));
    }
    if (tables->value_or(0) == 0) {
        return std::unexpected("there are no [[model]] tables");
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
