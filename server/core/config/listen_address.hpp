#pragma once
// The grammar of addresses to listen on: `127.0.0.1:8642`, `[::1]:8642`, `unix:/run/relay.sock`.

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace vertex_relay::core {

struct listen_address {
    std::string host;       ///< an IPv4 or IPv6 literal without brackets; empty for a Unix socket
    std::uint16_t port = 0; ///< 0: any free port
    std::string path;       ///< absolute path of a Unix socket; empty otherwise

    bool is_unix() const { return !path.empty(); }
    /// As it is written in the configuration.
    std::string text() const;
    /// Unix sockets count: no other machine reaches them.
    bool is_loopback() const;
    bool operator==(listen_address const&) const = default;
};

/// The error says what was expected. A path is at most 107 bytes (unix(7), `sun_path`).
std::expected<listen_address, std::string> parse_listen_address(std::string_view text);

} // namespace vertex_relay::core
