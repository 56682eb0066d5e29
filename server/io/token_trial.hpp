#pragma once
// One search for credentials and one token, for commands that tell about it.

#include "core/google/surroundings.hpp"
#include "io/token_fetch.hpp"
#include "io/token_search.hpp"

#include <expected>
#include <string>

namespace vertex_relay::io {

struct token_trial {
    token_trial(core::config const& settings, core::google::environment const& variables);

    credential_search search;
    std::string configured_project;
    std::string configured_quota_project;

    /// The outcome of `run_trial`; the credential, if there is one, is `grants.from`.
    std::expected<core::google::access_token, core::google::token_error> token;
    grant_state grants;
    core::google::found_setting project; ///< what `serve` would take

    core::google::found_setting quota_project() const;
};

/// Finds the credential, fetches a token and looks for the project. Waits as long as `fetch_token`,
/// once more if the server's clock had to be learnt first.
task<> run_trial(fiber& sleeper, connector& connects, token_trial& trial);

} // namespace vertex_relay::io
