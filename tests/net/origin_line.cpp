#include "net/origin_line.hpp"

#include "core/ascii.hpp"

#include <linux/sockios.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>

namespace vertex_relay::tests {

namespace {

void set_wait(int fd, int option, std::chrono::milliseconds limit) {
    auto seconds = std::chrono::duration_cast<std::chrono::seconds>(limit);
    timeval value{.tv_sec = seconds.count(), .tv_usec = (limit - seconds).count() * 1000};
    ::setsockopt(fd, SOL_SOCKET, option, &value, sizeof value);
}

std::size_t length_of(std::string_view head) {
    constexpr std::string_view name = "\r\ncontent-length:";
    auto at = core::ascii::to_lower(head).find(name);
    if (at == std::string::npos) {
        return 0;
    }
    auto value = head.substr(at + name.size());
    return core::ascii::parse_decimal(core::ascii::trim(value.substr(0, value.find('\r'))))
        .value_or(0);
}

} // namespace

origin_line::origin_line(int fd, io::ssl_ptr tls, std::size_t number)
    : fd_(fd), tls_(std::move(tls)), number_(number) {
    set_wait(fd_, SO_RCVTIMEO, patience);
    set_wait(fd_, SO_SNDTIMEO, patience);
    if (tls_) {
        SSL_set_fd(tls_.get(), fd_);
        peer_gone_ = ended_ = SSL_accept(tls_.get()) != 1;
    }
}

bool origin_line::receive() {
    char bytes[64 * 1024];
    auto got = peer_gone_ ? 0
               : tls_     ? SSL_read(tls_.get(), bytes, sizeof bytes)
                          : static_cast<int>(::recv(fd_, bytes, sizeof bytes, 0));
    if (got <= 0) {
        bool late =
            errno == EAGAIN && (!tls_ || SSL_get_error(tls_.get(), got) != SSL_ERROR_ZERO_RETURN);
        peer_gone_ = peer_gone_ || !late;
        ERR_clear_error();
        return false;
    }
    inbox_.append(bytes, static_cast<std::size_t>(got));
    return true;
}

std::optional<std::string> origin_line::read_head() {
    auto end = inbox_.find("\r\n\r\n");
    while (end == std::string::npos) {
        if (!receive()) {
            return std::nullopt;
        }
        end = inbox_.find("\r\n\r\n");
    }
    auto head = inbox_.substr(0, end + 4);
    inbox_.erase(0, head.size());
    return head;
}

std::optional<origin_request> origin_line::read() {
    auto head = read_head();
    if (!head) {
        return std::nullopt;
    }
    auto length = length_of(*head);
    inbox_.reserve(length);
    while (inbox_.size() < length) {
        if (!receive()) {
            return std::nullopt;
        }
    }
    auto body = inbox_.substr(0, length);
    inbox_.erase(0, length);
    return origin_request{std::move(*head), std::move(body)};
}

void origin_line::bound_unread() {
    constexpr int bytes = 64 * 1024;
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

bool origin_line::skip(std::size_t bytes) {
    while (inbox_.size() < bytes) {
        bytes -= inbox_.size();
        inbox_.clear();
        if (!receive()) {
            return false;
        }
    }
    inbox_.erase(0, bytes);
    return true;
}

bool origin_line::send(std::string_view bytes) {
    while (!bytes.empty() && !ended_) {
        auto size = std::min<std::size_t>(bytes.size(), 1U << 20U);
        auto sent = tls_ ? SSL_write(tls_.get(), bytes.data(), static_cast<int>(size))
                         : static_cast<int>(::send(fd_, bytes.data(), size, MSG_NOSIGNAL));
        if (sent <= 0) {
            ERR_clear_error();
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return bytes.empty();
}

std::size_t origin_line::send_until_stuck(std::string_view unit, std::chrono::milliseconds quiet) {
    set_wait(fd_, SO_SNDTIMEO, quiet);
    std::size_t sent = 0;
    while (send(unit)) {
        sent += unit.size();
    }
    ended_ = true; // half a record may be out
    return sent;
}

std::size_t origin_line::untaken() const {
    int bytes = 0;
    ::ioctl(fd_, SIOCOUTQ, &bytes);
    return static_cast<std::size_t>(bytes);
}

void origin_line::close() {
    if (tls_ && !ended_) {
        SSL_shutdown(tls_.get());
    }
    cut();
}

void origin_line::cut() {
    if (!std::exchange(ended_, true)) {
        ::shutdown(fd_, SHUT_WR);
    }
}

void origin_line::reset() {
    sockaddr none{};
    none.sa_family = AF_UNSPEC;
    ::connect(fd_, &none, sizeof none); // Linux: dissolves the connection with a RST
    ended_ = peer_gone_ = true;
}

void origin_line::join(int other, std::function<void(std::string_view)> const& watch) {
    char bytes[16 * 1024];
    while (true) {
        pollfd both[2] = {{fd_, POLLIN, 0}, {other, POLLIN, 0}};
        bool waiting = inbox_.empty() && (!tls_ || SSL_pending(tls_.get()) == 0);
        if (waiting && ::poll(both, 2, -1) < 0) {
            return;
        }
        if (!waiting || both[0].revents != 0) {
            if (inbox_.empty() && !receive()) {
                return;
            }
            watch(inbox_);
            if (::send(other, inbox_.data(), inbox_.size(), MSG_NOSIGNAL) < 0) {
                return;
            }
            inbox_.clear();
        }
        if (both[1].revents != 0) {
            auto got = ::recv(other, bytes, sizeof bytes, 0);
            std::string_view piece(bytes, got > 0 ? static_cast<std::size_t>(got) : 0);
            watch(piece);
            if (piece.empty() || !send(piece)) {
                return;
            }
        }
    }
}

bool origin_line::wait_for_end() {
    while (receive()) {
        inbox_.clear();
    }
    return peer_gone_;
}

} // namespace vertex_relay::tests
