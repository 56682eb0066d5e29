#include "core/google/project_search.hpp"

#include "core/ascii.hpp"
#include "core/config/grammar.hpp"

#include <algorithm>

namespace vertex_relay::core::google {
namespace {

std::string_view trimmed_line(std::string_view text) {
    auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) {
        return {};
    }
    auto last = text.find_last_not_of(" \t\r\n");
    return text.substr(first, last - first + 1);
}

/// The name becomes part of a path: gcloud's own rule, `[a-z][-a-z0-9]*`.
bool is_configuration_name(std::string_view name) {
    auto allowed = [](char c) { return ascii::is_alnum(c) || c == '-' || c == '_'; };
    return !name.empty() && name.size() <= 100 && std::ranges::all_of(name, allowed);
}

} // namespace

std::vector<std::string> ways_to_name_a_project() {
    return {"vertex-relay serve --project my-project",
            "export GOOGLE_CLOUD_PROJECT=my-project",
            "gcloud config set project my-project",
            "[google] project = \"my-project\"   in ~/.config/vertex-relay/config.toml, "
            "/etc/vertex-relay/config.toml or the file of --config"};
}

std::string project_in_configuration(std::string_view ini) {
    bool in_core = false;
    std::string project;
    while (!ini.empty()) {
        auto end = ini.find('\n');
        auto line = trimmed_line(ini.substr(0, end));
        ini.remove_prefix(end == std::string_view::npos ? ini.size() : end + 1);
        if (line.starts_with('[')) {
            in_core = line == "[core]";
            continue;
        }
        auto equals = line.find_first_of("=:");
        if (in_core && equals != std::string_view::npos &&
            trimmed_line(line.substr(0, equals)) == "project") {
            project = trimmed_line(line.substr(equals + 1));
        }
    }
    return project;
}

project_search::project_search(std::string configured, environment variables,
                               credential const* from)
    : directory_(gcloud_directory(variables)) {
    if (accept(configured, "google.project")) {
        return;
    }
    for (std::string_view name : {"GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT"}) {
        if (accept(variables.get(name), std::string(name))) {
            return;
        }
    }
    if (from != nullptr && !std::holds_alternative<metadata_server>(from->source) &&
        accept(from->project, from->origin)) {
        return;
    }
    if (auto const* server = from ? std::get_if<metadata_server>(&from->source) : nullptr) {
        server_ = *server;
    }
    if (accept(variables.get("CLOUDSDK_CORE_PROJECT"), "CLOUDSDK_CORE_PROJECT")) {
        return;
    }
    if (directory_.empty()) {
        try_metadata();
    } else if (auto name = variables.get("CLOUDSDK_ACTIVE_CONFIG_NAME"); !name.empty()) {
        read_configuration(name);
    } else {
        next_ = read_file{.path = directory_ + "/active_config"};
    }
}

void project_search::read_configuration(std::string_view name) {
    configuration_ = is_configuration_name(name) ? std::string(name) : "default";
    next_ = read_file{.path = directory_ + "/configurations/config_" + configuration_};
}

void project_search::file_read(file_outcome outcome) {
    auto const* reading = std::get_if<read_file>(&next_);
    if (reading == nullptr) {
        return;
    }
    bool whole = outcome.what == file_outcome::kind::text;
    if (configuration_.empty()) {
        return read_configuration(whole ? trimmed_line(outcome.text.reveal()) : "default");
    }
    auto path = reading->path;
    auto project = whole ? project_in_configuration(outcome.text.reveal()) : std::string{};
    if (!accept(project, path)) {
        try_metadata();
    }
}

void project_search::try_metadata() {
    if (server_) {
        next_ = ask_metadata{.server = *server_};
    } else {
        next_ = search_ended{};
    }
}

void project_search::metadata_said(std::optional<std::string> text) {
    if (std::holds_alternative<ask_metadata>(next_)) {
        accept(text ? trimmed_line(*text) : std::string_view{}, "metadata server");
        next_ = search_ended{};
    }
}

bool project_search::accept(std::string_view value, std::string origin) {
    if (value.empty()) {
        steps_.push_back({std::move(origin), "no project"});
        return false;
    }
    bool good = grammar::is_project(value);
    steps_.push_back({origin, good ? "used"
                                   : "\"" + quoted_text(value, 80) +
                                         "\" is not a project id (a display name is none)"});
    found_ = {good ? std::string(value) : std::string{}, std::move(origin)};
    next_ = search_ended{}; // a wrong value must not silently become another project
    return true;
}

} // namespace vertex_relay::core::google
