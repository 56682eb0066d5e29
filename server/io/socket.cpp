#include "io/socket.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace vertex_relay::io {

namespace {

io_result failed() {
    bool again = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    return {again ? io_status::again : io_status::error};
}

constexpr std::size_t coalesce_bytes = 4096;

/// All parts in one piece, or empty if they do not fit.
std::string_view join(std::span<std::string_view const> parts, std::span<char> into) {
    std::size_t size = 0;
    for (auto part : parts) {
        if (part.size() > into.size() - size) {
            return {};
        }
        size += part.copy(into.data() + size, part.size());
    }
    return {into.data(), size};
}

} // namespace

bool socket::adopt(int fd) {
    close();
    fd_ = fd;
    if (!loop_.watch(fd, *this)) {
        close();
        return false;
    }
    return true;
}

void socket::close() {
    if (fd_ >= 0) {
        ::close(fd_);
    }
    fd_ = -1;
    readable_ = writable_ = hung_up_ = false;
}

void socket::abort() {
    if (fd_ >= 0) {
        linger reset{1, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    }
    close();
}

void socket::shutdown_write() { ::shutdown(fd_, SHUT_WR); }

void socket::cancels_on_hang_up(bool value) {
    cancels_ = value;
    if (cancels_ && hung_up_ && owner_ != nullptr) {
        owner_->cancel(cause::client_gone);
    }
}

void socket::on_readiness(std::uint32_t events) {
    readable_ |= (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    writable_ |= (events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0;
    hung_up_ |= (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    if (owner_ == nullptr) {
        return;
    }
    if (hung_up_ && cancels_) {
        owner_->cancel(cause::client_gone);
    } else {
        owner_->wake();
    }
}

io_result socket::read_some(std::span<char> into) {
    if (!readable_) { // edge-triggered: nothing has come since the last read emptied it
        return {io_status::again};
    }
    auto got = ::recv(fd_, into.data(), into.size(), 0);
    if (got > 0) {
        auto bytes = static_cast<std::size_t>(got);
        // A short read emptied the socket; only a hang-up must still be read to its end.
        readable_ = bytes == into.size() || hung_up_;
        return {io_status::ok, bytes};
    }
    if (got == 0) {
        return {io_status::end};
    }
    auto result = failed();
    readable_ = result.status != io_status::again;
    return result;
}

io_result socket::write_some(std::span<std::string_view const> parts) {
    std::array<char, coalesce_bytes> together;
    std::string_view joined;
    if (parts.size() > 1) { // one small copy costs less than a gather list in the kernel
        joined = join(parts, together);
        parts = joined.empty() ? parts : std::span(&joined, 1);
    }
    std::array<iovec, 16> spans;
    std::size_t count = 0;
    std::size_t wanted = 0;
    for (auto part : parts) {
        if (!part.empty() && count < spans.size()) {
            spans[count++] = {const_cast<char*>(part.data()), part.size()};
            wanted += part.size();
        }
    }
    msghdr message{};
    message.msg_iov = spans.data();
    message.msg_iovlen = count;
    auto sent = count == 1 ? ::send(fd_, spans[0].iov_base, spans[0].iov_len, MSG_NOSIGNAL)
                           : ::sendmsg(fd_, &message, MSG_NOSIGNAL);
    if (sent >= 0) {
        auto bytes = static_cast<std::size_t>(sent);
        writable_ = bytes == wanted;
        return {io_status::ok, bytes};
    }
    auto result = failed();
    writable_ = result.status != io_status::again;
    readable_ |= writable_; // what came before a break can still be read
    return result;
}

} // namespace vertex_relay::io
