#pragma once
// Asks the kernel which user is at the other end of a connection: SO_PEERCRED for Unix sockets
// (unix(7)), the table of sockets for TCP on loopback (sock_diag(7)).

#include "core/http/peer_rules.hpp"

#include <sys/socket.h>

#include <expected>
#include <string>

namespace vertex_relay::io {

class peer_check {
public:
    peer_check() = default;
    ~peer_check();
    peer_check(peer_check const&) = delete;
    peer_check& operator=(peer_check const&) = delete;

    /// The user behind the connected socket `fd`; nullopt: on another machine. Never waits: about
    /// a hundredth of a millisecond. A client that has closed its socket already is not told.
    std::optional<core::peer> who(int fd);

    /// Tries it with a connection of our own. The error says why the kernel does not answer.
    std::expected<void, std::string> prove();

private:
    std::optional<std::uint32_t> owner_of(sockaddr_storage const& from, sockaddr_storage const& to);
    bool open();

    int netlink_ = -1; ///< opened with the first question
    std::uint32_t asked_ = 0;
};

} // namespace vertex_relay::io
