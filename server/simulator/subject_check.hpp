#pragma once
// Judges what a workload brings to the token exchange.

#include "simulator/foreign_identity.hpp"
#include "simulator/request.hpp"

#include <chrono>
#include <string>

namespace vertex_relay::simulator {

/// Empty `error`: the subject token is good.
struct subject_verdict {
    std::string error;       ///< OAuth's word
    std::string description; ///< Google's sentence
};

/// The fields of a token exchange that has all mandatory ones, `now` by the simulator's clock. Any
/// token is good but an expired JWT; a request signed for AWS must be signed with the keys that the
/// simulated instance gives, less than 15 minutes ago; a certificate must be the one shown.
subject_verdict check_subject(request const& received, foreign_identity const& known,
                              std::chrono::sys_seconds now);

} // namespace vertex_relay::simulator
