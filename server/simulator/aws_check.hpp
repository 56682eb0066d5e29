#pragma once
// Verification of a signed `GetCallerIdentity` (AWS Signature Version 4).

#include "simulator/foreign_identity.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace vertex_relay::simulator {

/// `token` is percent-encoded JSON. Empty if the known keys signed it for `audience`, else a
/// sentence.
std::string check_caller_identity(std::string_view token, foreign_identity const& known,
                                  std::string_view audience, std::chrono::sys_seconds now);

} // namespace vertex_relay::simulator
