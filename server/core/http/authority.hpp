#pragma once
// Who a request says it is for (Host) and where it comes from (Origin).

#include <optional>
#include <string>
#include <string_view>

namespace vertex_relay::core {

/// `name[:port]`, `1.2.3.4[:port]` or `[v6][:port]`; the host without brackets, lower case.
struct authority {
    std::string host;
    std::optional<unsigned> port;
};

/// RFC 3986 section 3.2 without user information; nullopt if it is anything else.
std::optional<authority> parse_authority(std::string_view text);

/// `localhost`, 127.0.0.0/8 as four decimal octets, or `::1`: no attacker can point them elsewhere.
bool is_loopback_host(std::string_view host);

} // namespace vertex_relay::core
