#include "io/downstream.hpp"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>

namespace vertex_relay::io {

namespace {

constexpr auto drain_time = std::chrono::seconds(1);
constexpr auto drain_look = std::chrono::milliseconds(5); // nothing wakes when bytes are taken

/// Bytes the kernel takes beyond what it may send now; without a bound up to 4 MB (tcp_wmem).
constexpr int unsent_bytes_max = 128 * 1024;

bool is_drained(int fd) {
    int unsent = 0;
    return ::ioctl(fd, SIOCOUTQ, &unsent) != 0 || unsent == 0;
}

} // namespace

void downstream::bound_backlog() {
    // Fails for a Unix socket, whose buffer is small and fixed.
    ::setsockopt(socket_.native(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent_bytes_max,
                 sizeof unsent_bytes_max);
}

bool downstream::send(std::span<std::string_view const> parts) {
    auto wrote = socket_.write_some(parts);
    if (wrote.status == io_status::error) {
        return false;
    }
    std::size_t total = 0;
    for (auto part : parts) {
        total += part.size();
    }
    bytes_ += total;
    if (wrote.bytes < total) { // exactly: a client may stall on it for long
        backlog_.reserve(total - wrote.bytes);
    }
    std::size_t skip = wrote.bytes;
    for (auto part : parts) {
        auto taken = std::min(skip, part.size());
        skip -= taken;
        backlog_ += part.substr(taken);
    }
    return true;
}

task<bool> downstream::flush() {
    while (sent_ < backlog_.size()) {
        fiber_.expires_after(write_timeout_);
        while (!socket_.writable()) {
            if (fiber_.stopped() != cause::none) {
                stalled_ = fiber_.stopped() == cause::deadline;
                co_return false;
            }
            co_await fiber_.sleep();
        }
        std::string_view rest = std::string_view(backlog_).substr(sent_);
        auto wrote = socket_.write_some({&rest, 1});
        if (wrote.status == io_status::error) {
            co_return false;
        }
        sent_ += wrote.bytes;
    }
    std::string().swap(backlog_);
    sent_ = 0;
    co_return true;
}

task<void> downstream::drain() {
    auto until = fiber_.loop().now() + drain_time;
    while (!is_drained(socket_.native()) && !socket_.hung_up() && fiber_.loop().now() < until) {
        fiber_.expires_after(drain_look);
        co_await fiber_.sleep();
    }
}

} // namespace vertex_relay::io
