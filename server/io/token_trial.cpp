#include "io/token_trial.hpp"

#include "core/google/project_search.hpp"

namespace vertex_relay::io {

namespace {

using namespace core::google;

constexpr int tries_max = 2; ///< the second one only with the server's clock

task<> obtain(fiber& sleeper, connector& connects, token_trial& trial) {
    auto found = co_await find_credential(sleeper, connects, trial.search);
    if (!found) {
        trial.token = std::unexpected(std::move(found.error()));
        co_return;
    }
    trial.grants.use(std::move(*found));
    for (int tries = 0; tries < tries_max; ++tries) {
        trial.token = co_await fetch_token(sleeper, connects, trial.grants);
        if (trial.token || !trial.token.error().clock_skew) {
            break;
        }
    }
}

} // namespace

token_trial::token_trial(core::config const& settings, environment const& variables)
    : search(discovery_settings_of(settings), variables),
      configured_project(settings.google.project),
      configured_quota_project(settings.google.quota_project),
      token(std::unexpected(transient_error(credentials_unavailable("No answer in time.")))),
      grants{.variables = variables} {}

found_setting token_trial::quota_project() const {
    static credential const none;
    return find_quota_project(configured_quota_project, search.variables,
                              grants.from ? *grants.from : none);
}

task<> run_trial(fiber& sleeper, connector& connects, token_trial& trial) {
    co_await obtain(sleeper, connects, trial);
    auto const* from = trial.grants.from ? &*trial.grants.from : nullptr;
    project_search search(trial.configured_project, trial.search.variables, from);
    co_await search_project(sleeper, connects, search);
    trial.project = search.found();
}

} // namespace vertex_relay::io
