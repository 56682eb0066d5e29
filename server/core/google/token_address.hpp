#pragma once
// Which addresses a credential may be sent to. A credential file names its own token server, so a
// planted file could otherwise collect refresh tokens or signed assertions.

#include "core/failure.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace vertex_relay::core::google {

/// An absolute http(s) address, split. Hosts are lower-case; an IPv6 host carries no brackets.
struct token_address {
    std::string scheme;     ///< `https` or `http`
    std::string host;
    std::uint16_t port = 0; ///< always set
    std::string target;     ///< path and query, begins with `/`
    std::string text;       ///< as written in the file; the `aud` of an assertion
};

/// What the operator, never the file, decided.
struct credential_rules {
    std::string universe_domain = {};  ///< `google.universe_domain`; empty: googleapis.com
    bool allow_any_token_host = false; ///< `google.allow_any_token_host`
};

inline constexpr std::string_view default_universe = "googleapis.com";
inline constexpr std::string_view default_token_address = "https://oauth2.googleapis.com/token";

/// Allowed: https on port 443 to `oauth2|sts|iamcredentials` under googleapis.com or the operator's
/// universe, in the spellings Google documents (regional, mutual TLS, private). With
/// `allow_any_token_host` any https address, and http to a loopback address. Never user info,
/// fragments, backslashes, blanks, control or non-ASCII characters.
/// Fails with `google_credentials_token_host_refused`; `member` names the file's member.
result<token_address> parse_token_address(std::string_view url, std::string_view member,
                                          credential_rules const& rules);

/// At least two lower-case labels of letters, digits and hyphens joined by dots: safe in a host.
bool is_domain(std::string_view text);

} // namespace vertex_relay::core::google
