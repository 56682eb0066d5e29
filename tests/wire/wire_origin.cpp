#include "wire/wire_origin.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace vertex_relay::tests {

wire_origin::wire_origin() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof where;
    auto* raw = reinterpret_cast<sockaddr*>(&where);
    if (listener_ < 0 || ::bind(listener_, raw, size) != 0 || ::listen(listener_, 16) != 0 ||
        ::getsockname(listener_, raw, &size) != 0) {
        throw std::runtime_error("the origin cannot listen");
    }
    port_ = ntohs(where.sin_port);
}

wire_origin::~wire_origin() {
    ::close(listener_);
}

bool wire_origin::accept() {
    if (line) {
        former.push_back(std::move(*line));
        line.reset();
    }
    if (!is_called_within(patience)) {
        return false;
    }
    int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    line.emplace(fd);
    return true;
}

bool wire_origin::is_called_within(std::chrono::milliseconds limit) const {
    pollfd one{listener_, POLLIN, 0};
    return ::poll(&one, 1, static_cast<int>(limit.count())) > 0;
}

} // namespace vertex_relay::tests
