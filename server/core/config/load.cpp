#include "core/config/load.hpp"

#include "core/ascii.hpp"
#include "core/config/aliases.hpp"
#include "core/config/consistency.hpp"
#include "core/config/near_miss.hpp"
#include "core/config/plain_value.hpp"
#include "core/config/toml_file.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vertex_relay::core {

namespace {

std::string unknown_key(std::string_view key) {
    if (key == "models") {
        return "expected a table: [models] with lines such as \"gpt-4o\" = "
               "\"google/gemini-3.5-flash\"";
    }
    std::vector<std::string_view> known{"models"};
    for (auto const& row : settings()) {
        if (section_of(row.key) == key) {
            return fmt::format("expected a table: [{}]", key);
        }
        known.push_back(row.key);
        if (auto section = section_of(row.key); !section.empty() && known.back() != section) {
            known.push_back(section);
        }
    }
    auto near = nearest(key, known);
    return near.empty() ? "unknown key" : fmt::format("unknown key, did you mean {}?", near);
}

/// Applies one layer after the other to `loaded` and collects what is wrong on the way.
class layering {
public:
    void apply(file_content const& content);
    void apply(text_layer const& layer);

    /// Google's variables come below every layer, but a file that lists every key with its default
    /// must not hide them, so they fill what is still empty in the end.
    void fill_empty(std::vector<text_layer> const& google_variables);

    loaded_config loaded;
    std::vector<config_error> errors;

private:
    void apply_aliases(text_layer const& layer);
    void add_alias(alias_entry const& entry);
};

void layering::apply(file_content const& content) {
    for (auto const& [key, value, where, value_where] : content.values) {
        auto const* row = find_setting(key);
        if (row == nullptr) {
            errors.push_back({where, key, unknown_key(key)});
            continue;
        }
        auto stored = assign(*row, value, loaded.config);
        if (!stored) {
            auto message = stored.error();
            if (auto const* odd = std::get_if<odd_value>(&value)) {
                message += fmt::format(", not {}", odd->type);
            }
            errors.push_back({value_where, key, message});
            continue;
        }
        loaded.origins[key] = where;
    }
    std::ranges::for_each(content.aliases, [this](auto const& entry) { add_alias(entry); });
}

void layering::apply(text_layer const& layer) {
    if (layer.key == "models") {
        apply_aliases(layer);
        return;
    }
    auto const* row = find_setting(layer.key);
    if (row == nullptr) {
        errors.push_back({layer.origin, layer.key, unknown_key(layer.key)});
        return;
    }
    auto value = parse_text(*row, layer.text);
    auto stored = value ? assign(*row, *value, loaded.config)
                        : std::expected<void, std::string>(std::unexpected(value.error()));
    if (!stored) {
        errors.push_back({layer.origin, layer.key, stored.error()});
        return;
    }
    loaded.origins[layer.key] = layer.origin;
}

void layering::fill_empty(std::vector<text_layer> const& google_variables) {
    for (auto const& layer : google_variables) {
        auto const* row = find_setting(layer.key);
        if (row != nullptr && to_toml(*row, loaded.config) == "\"\"") {
            apply(layer);
        }
    }
}

void layering::apply_aliases(text_layer const& layer) {
    ascii::for_each_item(layer.text, [&](std::string_view item) {
        auto entry = parse_alias(item);
        if (!entry) {
            errors.push_back({layer.origin, layer.key, entry.error()});
            return;
        }
        entry->where = layer.origin;
        for (auto& field : entry->fields) {
            field.where = layer.origin;
        }
        add_alias(*entry);
    });
}

void layering::add_alias(alias_entry const& entry) {
    auto key = "models." + entry.name;
    auto route = read_alias(entry);
    if (!route) {
        for (auto const& [where, field, message] : route.error()) {
            errors.push_back({where, field.empty() ? key : key + "." + field, message});
        }
        return;
    }
    auto& routes = loaded.config.models;
    auto same = std::ranges::find(routes, entry.name, &model_route::name);
    if (same == routes.end()) {
        routes.push_back(std::move(*route));
    } else {
        *same = std::move(*route);
    }
    loaded.origins[key] = entry.where;
}

} // namespace

std::string describe(config_error const& error) {
    return error.key.empty() ? fmt::format("{}: {}", error.where, error.message)
                             : fmt::format("{}: {}: {}", error.where, error.key, error.message);
}

std::string_view loaded_config::origin(std::string_view key) const {
    auto found = origins.find(key);
    return found == origins.end() ? std::string_view("default") : std::string_view(found->second);
}

partial_config load_partly(config_layers const& layers) {
    layering result;
    std::vector<config_error> no_toml;
    auto apply = [&](auto const& layer) { result.apply(layer); };
    for (auto const& file : layers.files) {
        auto content = read_toml_file(file);
        content ? apply(*content) : no_toml.push_back(content.error());
    }
    std::ranges::for_each(layers.variables, apply);
    std::ranges::for_each(layers.flags, apply);
    result.fill_empty(layers.google_variables);
    if (!no_toml.empty()) { // what is missed elsewhere may stand there
        return {std::move(result.loaded), {no_toml.front()}};
    }
    auto conflicts = check_consistency(result.loaded);
    result.errors.insert(result.errors.end(), conflicts.begin(), conflicts.end());
    return {std::move(result.loaded), std::move(result.errors)};
}

std::expected<loaded_config, std::vector<config_error>> load(config_layers const& layers) {
    auto read = load_partly(layers);
    if (!read.errors.empty()) {
        return std::unexpected(std::move(read.errors));
    }
    return std::move(read.loaded);
}

} // namespace vertex_relay::core
