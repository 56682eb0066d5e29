#pragma once
// An HTTP proxy that opens tunnels, as HTTPS_PROXY names it.

#include "core/secret.hpp"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace vertex_relay::core {

struct proxy {
    bool tls = false;       ///< `https://`: TLS to the proxy, and the tunnel's own TLS inside
    std::string host;       ///< lower case, IPv6 without brackets
    std::uint16_t port = 0;
    secret credentials;     ///< value of `Proxy-Authorization`, `Basic …`; empty: none
    std::string variable;   ///< which one named it

    /// `http://proxy.example:3128`, without user and password.
    std::string address() const;
    /// `the proxy http://proxy.example:3128 (HTTPS_PROXY)`, for messages.
    std::string text() const;
};

/// `http://HOST:PORT`, `https://HOST:PORT` or `HOST:PORT`, with `USER:PASSWORD@` in front of the
/// host; port 80 or 443 when none is given, as in Go and Python. User and password are
/// percent-decoded (RFC 3986 section 3.2.1) and go into a Basic credential (RFC 7617), so that the
/// user has no colon; a path is ignored. The error is a sentence without any part of `url`.
std::expected<proxy, std::string> parse_proxy(std::string_view url, std::string_view variable);

} // namespace vertex_relay::core
