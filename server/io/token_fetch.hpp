#pragma once
// One access token for one credential: grant, call, answer.

#include "core/google/access_token.hpp"
#include "core/google/credential.hpp"
#include "core/google/credential_failure.hpp"
#include "io/connector.hpp"
#include "io/system_clock.hpp"

#include <expected>

namespace vertex_relay::io {

/// What dates an assertion, kept from call to call.
struct grant_clock {
    instant_source now = system_instant;
    core::google::instant started = system_instant(); ///< of the process
    core::google::seconds offset{0}; ///< the servers' clock minus ours, learnt from every answer
};

/// One try. Waits as the call's own timeouts and the sleeper's deadline allow.
task<std::expected<core::google::access_token, core::google::token_error>>
fetch_token(fiber& sleeper, connector& connects, core::google::credential const& from,
            grant_clock& when);

} // namespace vertex_relay::io
