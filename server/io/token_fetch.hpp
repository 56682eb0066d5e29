#pragma once
// One access token for one credential: carries out a grant chain of core::google.

#include "core/google/grant_chain.hpp"
#include "io/connector.hpp"
#include "io/system_clock.hpp"
#include "io/watched_files.hpp"

#include <expected>
#include <optional>
#include <vector>

namespace vertex_relay::io {

/// What the fetches of one credential have in common.
struct grant_state {
    core::google::environment variables = {};
    instant_source now = system_instant;
    core::google::grant_clock clock = {.started = system_instant()};
    bool token_left = false; ///< see `chain_parts`

    std::optional<core::google::credential> from = {}; ///< set by `use`
    core::google::intermediate_tokens kept = {};
    watched_files files = {}; ///< read on the way, each in its state from before
    std::vector<core::google::lookup_step> steps = {}; ///< of the last fetch

    /// From now on that credential; what belonged to the one before is forgotten.
    void use(core::google::credential found);
};

/// One try; `state.from` is set. Waits as the calls' and programs' own time limits, all together
/// half a minute and what a program may take, and the sleeper's deadline allow.
task<std::expected<core::google::access_token, core::google::token_error>>
fetch_token(fiber& sleeper, connector& connects, grant_state& state);

} // namespace vertex_relay::io
