#include "io/find_project.hpp"

#include "io/run_alone.hpp"
#include "io/token_search.hpp"

namespace vertex_relay::io {

namespace {

using namespace core::google;

constexpr auto patience = std::chrono::seconds(6);

/// Named by the operator: then the credentials do not matter.
bool is_named(core::config const& settings, environment const& variables) {
    return !settings.google.project.empty() || variables.has("GOOGLE_CLOUD_PROJECT") ||
           variables.has("GCLOUD_PROJECT");
}

found_setting search_files(std::string const& configured, environment const& variables,
                           credential const* from) {
    project_search search(configured, variables, from);
    while (take_file_step(search)) {
    }
    return search.found();
}

struct question {
    credential_search credentials;
    environment const& variables;
    found_setting found;
};

task<> ask_machine(fiber& sleeper, connector& connects, question& asked) {
    co_await search_places(sleeper, connects, asked.credentials);
    auto from = asked.credentials.places.take();
    project_search search({}, asked.variables, from ? &*from : nullptr);
    co_await search_project(sleeper, connects, search);
    asked.found = search.found();
}

} // namespace

found_setting find_project(core::config const& settings, environment const& variables) {
    if (is_named(settings, variables)) {
        return search_files(settings.google.project, variables, nullptr);
    }
    auto places = discovery_settings_of(settings);
    credential_search credentials(places, variables);
    while (take_file_step(credentials)) {
    }
    bool in_files = std::holds_alternative<search_ended>(credentials.places.next());
    auto from = credentials.places.take(); // without an end: an error, as good as none
    auto found = search_files({}, variables, from ? &*from : nullptr);
    bool of_machine = from && std::holds_alternative<metadata_server>(from->source);
    if (!found.origin.empty() || (in_files && !of_machine)) {
        return found;
    }
    question asked{.credentials = credential_search(places, variables),
                   .variables = variables,
                   .found = {}};
    auto begin = [&asked](fiber& sleeper, connector& connects) {
        return ask_machine(sleeper, connects, asked);
    };
    run_alone(settings, {}, patience, begin); // only the metadata server is asked: no proxy
    return asked.found;
}

} // namespace vertex_relay::io
