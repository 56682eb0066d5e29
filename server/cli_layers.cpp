#include "cli_layers.hpp"

#include "core/ascii.hpp"
#include "core/config/near_miss.hpp"
#include "core/config/settings.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vertex_relay {

namespace {

constexpr std::string_view prefix = "VERTEX_RELAY_";
constexpr std::string_view config_variable = "VERTEX_RELAY_CONFIG";
constexpr std::string_view models_variable = "VERTEX_RELAY_MODELS";

/// An empty variable counts as unset, as `docker run -e NAME` and compose files leave them.
std::string_view value_of(environment const& variables, std::string_view name) {
    auto found = variables.find(name);
    return found == variables.end() ? std::string_view() : std::string_view(found->second);
}

void add_variables(environment const& variables, found_layers& found) {
    for (auto const& row : core::settings()) {
        auto name = core::variable_name(row.key);
        if (auto text = value_of(variables, name); !text.empty()) {
            found.layers.variables.push_back({std::string(row.key), std::string(text), name});
        }
        bool taken = false;
        core::ascii::for_each_item(row.google_variables, [&](std::string_view google_name) {
            auto text = value_of(variables, google_name);
            if (!text.empty() && !taken) {
                taken = true;
                found.layers.google_variables.push_back(
                    {std::string(row.key), std::string(text), std::string(google_name)});
            }
        });
    }
    if (auto text = value_of(variables, models_variable); !text.empty()) {
        found.layers.variables.push_back(
            {"models", std::string(text), std::string(models_variable)});
    }
}

/// Kubernetes sets such variables for a Service that is named vertex-relay.
bool is_kubernetes_link(std::string_view name) {
    return name.starts_with("VERTEX_RELAY_SERVICE_") || name.starts_with("VERTEX_RELAY_PORT");
}

void note_unknown_variables(environment const& variables, found_layers& found) {
    std::vector<std::string> names{std::string(config_variable), std::string(models_variable)};
    for (auto const& row : core::settings()) {
        names.push_back(core::variable_name(row.key));
    }
    std::vector<std::string_view> known(names.begin(), names.end());
    for (auto const& [name, value] : variables) {
        if (!name.starts_with(prefix) || is_kubernetes_link(name) ||
            std::ranges::count(known, name) > 0) {
            continue;
        }
        auto near = core::nearest(name.substr(prefix.size()), core::setting_keys());
        auto hint = near.empty() ? std::string()
                                 : fmt::format("; did you mean {}?", core::variable_name(near));
        found.notices.push_back(fmt::format("variable {} is no setting{}", name, hint));
    }
}

void add_named_file(std::string const& path, file_reader const& read_file, found_layers& found) {
    auto text = read_file(path);
    if (text) {
        found.layers.files.push_back({path, std::move(*text)});
    } else {
        found.fault =
            fmt::format("cannot read the configuration file {}: {}", path, text.error().message());
    }
}

void add_default_files(environment const& variables, file_reader const& read_file,
                       found_layers& found) {
    for (auto const& path : default_config_files(variables)) {
        auto text = read_file(path);
        if (text) {
            found.layers.files.push_back({path, std::move(*text)});
        } else if (text.error() != std::errc::no_such_file_or_directory &&
                   text.error() != std::errc::not_a_directory) {
            found.notices.push_back(
                fmt::format("configuration file {} is left out: {}", path, text.error().message()));
        }
    }
}

} // namespace

std::vector<std::string> default_config_files(environment const& variables) {
    std::vector<std::string> paths{"/etc/vertex-relay/config.toml"};
    auto directory = std::string(value_of(variables, "XDG_CONFIG_HOME"));
    auto home = value_of(variables, "HOME");
    if (!directory.starts_with('/')) { // a relative one is to be ignored, says the specification
        directory = home.starts_with('/') ? std::string(home) + "/.config" : std::string();
    }
    if (!directory.empty()) {
        paths.push_back(directory + "/vertex-relay/config.toml");
    }
    return paths;
}

found_layers find_layers(layer_request const& request, environment const& variables,
                         file_reader const& read_file) {
    found_layers found;
    auto named = request.config_file.empty() ? std::string(value_of(variables, config_variable))
                                             : request.config_file;
    if (!named.empty()) {
        add_named_file(named, read_file, found);
    } else if (request.default_files) {
        add_default_files(variables, read_file, found);
    }
    add_variables(variables, found);
    note_unknown_variables(variables, found);
    return found;
}

} // namespace vertex_relay
