#pragma once
// A non-blocking stream socket that knows whether it is readable, writable or hung up. It belongs
// to one loop; at most one fiber is woken by it.

#include "io/event_loop.hpp"

#include <span>
#include <string_view>

namespace vertex_relay::io {

enum class io_status : unsigned char { ok, again, end, error };

struct io_result {
    io_status status;
    std::size_t bytes = 0;
};

class socket final : readiness_sink {
public:
    explicit socket(event_loop& loop) : loop_(loop) {}
    ~socket() { close(); }
    socket(socket const&) = delete;
    socket& operator=(socket const&) = delete;

    /// Takes over an open, non-blocking descriptor. False if it cannot be watched (it is closed).
    bool adopt(int fd);
    void close();
    /// Closes with a reset, so that no peer can take what came for a whole answer.
    void abort();
    /// No more is written; reading goes on.
    void shutdown_write();

    bool is_open() const { return fd_ >= 0; }
    bool readable() const { return readable_; }
    bool writable() const { return writable_; }
    /// The peer closed its side or the connection broke.
    bool hung_up() const { return hung_up_; }
    int native() const { return fd_; }

    /// Whom to wake; null: nobody.
    void wakes(fiber* sleeper) { owner_ = sleeper; }
    /// While set, a hang-up cancels the fiber with `cause::client_gone`.
    void cancels_on_hang_up(bool value);

    /// Never wait: `again` means that readiness will wake the fiber.
    io_result read_some(std::span<char> into);
    io_result write_some(std::span<std::string_view const> parts);

private:
    void on_readiness(std::uint32_t events) override;

    event_loop& loop_;
    fiber* owner_ = nullptr;
    int fd_ = -1;
    bool readable_ = false;
    bool writable_ = false;
    bool hung_up_ = false;
    bool cancels_ = false;
};

} // namespace vertex_relay::io
