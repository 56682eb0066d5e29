#pragma once
// One upstream connection: a socket, with TLS or without, that reads into the loop's buffers and
// writes gather lists. An idle connection owns no buffer, but for one inside the TLS connection to
// an https:// proxy.

#include "core/vertex/target.hpp"
#include "io/socket.hpp"
#include "io/tls.hpp"

#include <memory>
#include <optional>
#include <string>

namespace vertex_relay::io {

class carrier;

/// How a TLS session begins.
struct tls_opening {
    std::string const& name;     ///< what the certificate must carry
    tls_offer offer = {};
    std::string_view early = {}; ///< the peer's first bytes, if some were read before
};

class connection {
public:
    connection(event_loop& loop, wire_buffers& buffers);
    /// Carried by another connection.
    connection(event_loop& loop, wire_buffers& buffers, std::unique_ptr<carrier> outer);
    ~connection();

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

    /// Runs the TLS handshake to its end. What `how` points at must live until then.
    task<std::expected<void, tls_fault>> handshake(fiber& sleeper, SSL_CTX& context,
                                                   tls_opening how);

    io::socket& socket();
    /// Readable: bytes, or the end.
    bool has_unread();
    tls_session* tls() { return tls_ ? &*tls_ : nullptr; }

    bool reused = false;     ///< came from the pool
    bool answered = false;   ///< bytes have come back since the last request
    time_point idle_since{}; ///< meaningful while pooled
    core::upstream_host host; ///< what it is connected to

private:
    io_result pull(std::span<char> into);
    /// Read while the request was still being sent.
    struct early_bytes {
        io_status status;
        std::string bytes;
    };

    received receive();
    bool has_early_answer();
    task<sent> flush(fiber& sleeper, std::string_view bytes, bool watch_answer);
    task<sent> write_plain(fiber& sleeper, std::span<std::string_view const> parts);
    std::string_view pack(std::span<std::string_view const> parts, std::size_t& index);
    task<sent> write_tls(fiber& sleeper, std::span<std::string_view const> parts);

    io::socket socket_;
    wire_buffers& buffers_;
    std::unique_ptr<carrier> carrier_; ///< null: the socket is our own
    std::optional<tls_session> tls_;
    bool closed_ = false; ///< the peer has closed the TLS session
    std::optional<early_bytes> early_;
};

} // namespace vertex_relay::io
