#pragma once
// One upstream connection: a socket, with TLS or without, that reads into the loop's buffers and
// writes gather lists. An idle connection owns no buffer.

#include "core/vertex/target.hpp"
#include "io/socket.hpp"
#include "io/tls.hpp"

#include <memory>
#include <optional>

namespace vertex_relay::io {

class connection {
public:
    connection(event_loop& loop, wire_buffers& buffers) : socket_(loop), buffers_(buffers) {}

    struct received {
        io_status status;
        std::span<char> bytes; ///< in the loop's buffer: gone after the next wait
    };

    /// Never waits: `again` means the fiber will be woken. `end` is the peer's orderly close.
    received read();

    enum class sent : unsigned char { all, failed, stopped, answered_early };

    /// Copies `bytes` to the front of the loop's buffer, where `read` would have put them.
    std::span<char> scratch(std::string_view bytes);

    /// Sends `parts` in order. Waits as long as `sleeper` may; `answered_early` means that the
    /// peer has begun to answer and the rest should not be sent. The parts stay the caller's.
    task<sent> write(fiber& sleeper, std::span<std::string_view const> parts);

    /// Continues a handshake until it is done; the error is a sentence.
    task<std::expected<void, std::string>> handshake(fiber& sleeper, SSL_CTX& context,
                                                     std::string const& name, tls_offer offer);

    io::socket& socket() { return socket_; }
    tls_session* tls() { return tls_ ? &*tls_ : nullptr; }

    bool reused = false;     ///< came from the pool
    bool answered = false;   ///< bytes have come back since the last request
    time_point idle_since{}; ///< meaningful while pooled
    core::upstream_host host; ///< what it is connected to

private:
    task<sent> flush(fiber& sleeper, std::string_view bytes, bool watch_answer);
    task<sent> write_plain(fiber& sleeper, std::span<std::string_view const> parts);
    task<sent> write_tls(fiber& sleeper, std::span<std::string_view const> parts);

    io::socket socket_;
    wire_buffers& buffers_;
    std::optional<tls_session> tls_;
    bool closed_ = false; ///< the peer has closed the TLS session
};

} // namespace vertex_relay::io
