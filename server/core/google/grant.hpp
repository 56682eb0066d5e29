#pragma once
// How a credential's own identity becomes an access token: one HTTP call, or a signature of ours.

#include "core/google/access_token.hpp"
#include "core/google/credential.hpp"
#include "core/google/credential_failure.hpp"
#include "core/google/instant.hpp"
#include "core/google/token_call.hpp"

#include <expected>
#include <string_view>
#include <variant>

namespace vertex_relay::core::google {

using grant = std::variant<token_call, access_token>;

inline constexpr std::string_view cloud_platform_scope =
    "https://www.googleapis.com/auth/cloud-platform";
inline constexpr std::string_view metadata_probe_path = "/";
inline constexpr std::string_view metadata_project_path = "/computeMetadata/v1/project/project-id";
inline constexpr std::string_view metadata_universe_path =
    "/computeMetadata/v1/universe/universe-domain"; // 404 or empty: googleapis.com
inline constexpr std::string_view metadata_email_path =
    "/computeMetadata/v1/instance/service-accounts/default/email";

/// For the types that need nothing first: not for external accounts and gcloud. `now` is UTC since
/// 1970 corrected by the clock offset; assertions are dated 10 s back and live 3600 s, the server's
/// maximum. The only error is a key OpenSSL cannot sign with (permanent).
std::expected<grant, token_error> make_grant(credential const& from, seconds now);

/// The token that a service account signs for itself.
std::expected<access_token, token_error> sign_own_token(credential const& from,
                                                        service_account const& account,
                                                        seconds now);

/// A GET to the metadata server with the header it insists on; 3 s for the probe.
token_call metadata_call(metadata_server const& server, std::string_view target);

/// `Authorization: Basic …` of a client (RFC 7617), added to `call`.
void authenticate_client(token_call& call, std::string_view id, secret const& password);

} // namespace vertex_relay::core::google
