#pragma once
// Writing to the client. What the kernel does not take at once is kept (one read's worth, or an
// answer that had to be held whole) and nothing more is read upstream until it is gone:
// backpressure by not reading.

#include "io/socket.hpp"

#include <cstdint>
#include <string>

namespace vertex_relay::io {

class downstream {
public:
    downstream(io::socket& line, fiber& sleeper) : socket_(line), fiber_(sleeper) {}

    /// The write timeout, from now on.
    void waits_at_most(clock::duration write_timeout) { write_timeout_ = write_timeout; }

    /// Once the socket is open: the system holds little for a client that does not read.
    void bound_backlog();

    /// Sends or keeps all of `parts`; false once the client is gone. Needs an empty backlog.
    bool send(std::span<std::string_view const> parts);
    bool send(std::string_view text) { return send({&text, 1}); }
    bool has_backlog() const { return !backlog_.empty(); }

    /// Waits until the backlog is gone, each wait at most the write timeout. False: client gone,
    /// stalled or the fiber was cancelled.
    task<bool> flush();
    /// The last `flush` has waited its time out.
    bool stalled() const { return stalled_; }

    /// Waits until the client's system has all that was sent, at most a second: a reset behind it
    /// cannot overtake it then.
    task<void> drain();

    std::uint64_t bytes() const { return bytes_; } ///< accepted for sending so far
    io::socket& socket() { return socket_; }

private:
    io::socket& socket_;
    fiber& fiber_;
    clock::duration write_timeout_{0};
    std::string backlog_;
    std::size_t sent_ = 0; ///< of the backlog
    std::uint64_t bytes_ = 0;
    bool stalled_ = false;
};

} // namespace vertex_relay::io
