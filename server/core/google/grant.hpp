#pragma once
// How each credential type becomes an access token: one HTTP call, or a signature of our own.

#include "core/google/access_token.hpp"
#include "core/google/credential.hpp"
#include "core/google/credential_failure.hpp"
#include "core/google/instant.hpp"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace vertex_relay::core::google {

/// One HTTP/1.1 request, complete but for `Host`, `Content-Length` and `Connection: close`, which
/// the io layer adds. Redirects are never followed. A fresh connection each time.
struct token_call {
    std::string scheme; ///< `https`: verify peer and host name; `http`: metadata or loopback only
    std::string host;   ///< IPv6 without brackets
    std::uint16_t port = 0;
    std::string method;
    std::string target;
    std::vector<std::pair<std::string, std::string>> headers;
    secret body;                     ///< empty for GET
    milliseconds connect_timeout{0}; ///< per address
    milliseconds timeout{0};         ///< the whole call
    bool direct = false;             ///< never through a proxy (metadata server)
};

using grant = std::variant<token_call, access_token>;

inline constexpr std::string_view cloud_platform_scope =
    "https://www.googleapis.com/auth/cloud-platform";
inline constexpr std::string_view metadata_probe_path = "/";
inline constexpr std::string_view metadata_project_path = "/computeMetadata/v1/project/project-id";
inline constexpr std::string_view metadata_universe_path =
    "/computeMetadata/v1/universe/universe-domain"; // 404 or empty: googleapis.com
inline constexpr std::string_view metadata_email_path =
    "/computeMetadata/v1/instance/service-accounts/default/email";

/// `now` is UTC since 1970 corrected by `clock_offset`; assertions are dated 10 s back and live
/// 3600 s, the server's maximum. The only error is a key OpenSSL cannot sign with (permanent).
std::expected<grant, token_error> make_grant(credential const& from, seconds now);

/// A GET to the metadata server with the header it insists on. 1 s to connect, 5 s in all, 3 s for
/// the probe.
token_call metadata_call(metadata_server const& server, std::string_view target);

/// Percent-encodes all but `A-Z a-z 0-9 - . _ ~` (RFC 3986 section 2.3), upper-case hexadecimal.
std::string percent_encoded(std::string_view text);

} // namespace vertex_relay::core::google
