#pragma once
// Signed JSON Web Tokens of a service account.

#include "core/google/credential.hpp"
#include "core/google/instant.hpp"

#include <expected>
#include <string>

namespace vertex_relay::core::google {

inline constexpr seconds assertion_lifetime{3600}; ///< Google refuses longer ones
inline constexpr seconds assertion_backdate{10};   ///< for a server whose clock is a little behind

/// The assertion of the JWT bearer grant (RFC 7523): `aud` is the file's `token_uri`. `now` is UTC
/// since 1970 on the server's clock. The error is a clause about the key.
std::expected<secret, std::string> bearer_assertion(service_account const& account, seconds now);

/// A token that Google's APIs take directly (google.aip.dev/auth/4111): `scope` and no `aud`.
std::expected<secret, std::string> self_signed_token(service_account const& account, seconds now);

} // namespace vertex_relay::core::google
