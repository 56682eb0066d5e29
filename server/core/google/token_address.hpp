#pragma once
// Which addresses a credential may be sent to. A credential file names its own token server, so a
// planted file could otherwise collect refresh tokens or signed assertions.

#include "core/failure.hpp"
#include "core/google/credential_rules.hpp"

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

inline constexpr std::string_view default_token_address = "https://oauth2.googleapis.com/token";

/// Allowed: https on port 443 to `oauth2|sts|iamcredentials` under googleapis.com or the operator's
/// universe, in the spellings Google documents (regional, mutual TLS, private). With
/// `allow_any_token_host` any https address, and http to a loopback address. Never user info,
/// fragments, backslashes, blanks, control or non-ASCII characters.
/// Fails with `google_credentials_token_host_refused`; `member` names the file's member.
result<token_address> parse_token_address(std::string_view url, std::string_view member,
                                          credential_rules const& rules);

/// A place that gives subject tokens: nothing of ours is sent there, so any https host will do, but
/// http only to addresses that no other machine can take over: loopback, link-local, Google's
/// metadata server. `allow_any_token_host` lifts that.
result<token_address> parse_source_address(std::string_view url, std::string_view member,
                                           credential_rules const& rules);

/// AWS's metadata service: http to 169.254.169.254 or fd00:ec2::254 (google.aip.dev/auth/4117).
/// With `allow_any_token_host` any address that gives subject tokens.
result<token_address> parse_aws_address(std::string_view url, std::string_view member,
                                        credential_rules const& rules);

/// 169.254.0.0/16, fe80::/10 or AWS's fd00:ec2::/32; a literal without brackets.
bool is_link_local(std::string_view host);

/// At least two lower-case labels of letters, digits and hyphens joined by dots: safe in a host.
bool is_domain(std::string_view text);

} // namespace vertex_relay::core::google
