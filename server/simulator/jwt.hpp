#pragma once
// Verification of the signed assertion of a service account (RFC 7523, RS256 only).

#include <chrono>
#include <string>
#include <string_view>

namespace vertex_relay::simulator {

struct assertion_rules {
    std::string issuer;     ///< the account's e-mail
    std::string audience;   ///< token_uri; Google's own endpoint is accepted beside it
    std::string key_id;     ///< `kid`, if the assertion names one
    std::string public_pem; ///< RSA
};

/// Empty if the assertion is good at `now`, else Google's error_description.
std::string verify_assertion(std::string_view assertion, assertion_rules const& rules,
                             std::chrono::sys_seconds now);

} // namespace vertex_relay::simulator
