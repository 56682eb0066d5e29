#pragma once
// Clock, file descriptors, loopback sockets and edge-triggered epoll: what both ends need.

#include <cstdint>
#include <string>
#include <utility>

namespace vertex_relay::bench {

/// CLOCK_MONOTONIC in nanoseconds; comparable between processes of one machine.
std::int64_t now_ns();

/// Prints `message` to stderr and exits with status 1. For setup faults only.
[[noreturn]] void die(const std::string& message);

/// Owns one file descriptor.
class unique_fd {
public:
    unique_fd() = default;
    explicit unique_fd(int fd) : fd_(fd) {}
    unique_fd(unique_fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    unique_fd& operator=(unique_fd&& other) noexcept;
    ~unique_fd();

    int get() const { return fd_; }

private:
    int fd_ = -1;
};

/// A non-blocking listener on 127.0.0.1; port 0 takes a free one. Dies on failure.
unique_fd listen_loopback(std::uint16_t port);

/// The port a socket is bound to.
std::uint16_t local_port(int fd);

/// A non-blocking connection attempt to 127.0.0.1; -1 inside when it failed at once.
unique_fd connect_loopback(std::uint16_t port);

/// The next connection of `listener`, non-blocking; -1 inside when there is none.
unique_fd accept_next(int listener);

/// Registers `fd` once, edge-triggered, for reading, writing and hang-up. Dies on failure.
void watch(int epoll, int fd, std::uint64_t tag);

/// Raises the descriptor limit to its hard limit and returns it.
std::uint64_t raise_descriptor_limit();

} // namespace vertex_relay::bench
