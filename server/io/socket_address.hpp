#pragma once
// Where a socket connects to or listens.

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>

namespace vertex_relay::io {

struct socket_address {
    sockaddr_storage storage{};
    socklen_t size = 0;
    std::string text; ///< the address without port, for logs and errors

    bool is_v6() const { return storage.ss_family == AF_INET6; }
    sockaddr const* raw() const { return reinterpret_cast<sockaddr const*>(&storage); }
};

/// Numeric address and port; nullopt for a name.
std::optional<socket_address> parse_address(std::string const& host, std::uint16_t port);

} // namespace vertex_relay::io
