#pragma once
// One connection of a scripted origin: blocking calls on the thread of its script.

#include "io/tls.hpp"
#include "net/loop_thread.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace vertex_relay::tests {

struct origin_request {
    std::string head;
    std::string body;
};

/// No call waits longer than `patience`.
class origin_line {
public:
    /// The socket stays the caller's; `tls` is null for plain HTTP.
    origin_line(int fd, io::ssl_ptr tls, std::size_t number);

    /// The next request with its whole body; nothing once the peer has closed.
    std::optional<origin_request> read();
    /// Its head alone; the body stays unread.
    std::optional<std::string> read_head();
    /// From now on the system takes little that is not read; else up to net.ipv4.tcp_rmem.
    void bound_unread();
    /// Drops `bytes` of what follows.
    bool skip(std::size_t bytes);
    /// False if the peer does not take it.
    bool send(std::string_view bytes);
    /// Sends `unit` over and over until the peer has taken nothing for `quiet`; how many bytes
    /// that were. Nothing can be sent any more.
    std::size_t send_until_stuck(std::string_view unit, std::chrono::milliseconds quiet);

    void close(); ///< TLS's own goodbye, then FIN; still reads
    void cut();   ///< FIN alone
    void reset();
    /// Passes bytes to the socket `other` and back until either side ends; every piece goes by
    /// `watch`.
    void join(int other, std::function<void(std::string_view)> const& watch);
    /// Drops what still comes; true once the peer has closed or reset.
    bool wait_for_end();

    /// Bytes sent that the peer's system has not taken, TLS's own included.
    std::size_t untaken() const;
    std::size_t number() const { return number_; } ///< of this connection, from 0
    bool ended() const { return ended_; }          ///< by one of the three above

private:
    bool receive();

    int fd_;
    io::ssl_ptr tls_;
    std::size_t number_;
    std::string inbox_;
    bool ended_ = false;
    bool peer_gone_ = false;
};

} // namespace vertex_relay::tests
