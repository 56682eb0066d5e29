#include "net.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace vertex_relay::bench {

namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

void set_option(int fd, int level, int name) {
    const int on = 1;
    if (setsockopt(fd, level, name, &on, sizeof on) != 0) {
        die(std::string("setsockopt: ") + std::strerror(errno));
    }
}

} // namespace

std::int64_t now_ns() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
}

void die(const std::string& message) {
    std::fprintf(stderr, "%s\n", message.c_str());
    std::exit(1);
}

unique_fd& unique_fd::operator=(unique_fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
}

unique_fd::~unique_fd() {
    if (fd_ >= 0) {
        close(fd_);
    }
}

unique_fd listen_loopback(std::uint16_t port) {
    unique_fd fd(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (fd.get() < 0) {
        die(std::string("socket: ") + std::strerror(errno));
    }
    set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR);
    const sockaddr_in address = loopback(port);
    if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        listen(fd.get(), 4096) != 0) {
        die("listen on 127.0.0.1:" + std::to_string(port) + ": " + std::strerror(errno));
    }
    return fd;
}

std::uint16_t local_port(int fd) {
    sockaddr_in address{};
    socklen_t length = sizeof address;
    if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
        die(std::string("getsockname: ") + std::strerror(errno));
    }
    return ntohs(address.sin_port);
}

unique_fd connect_loopback(std::uint16_t port) {
    unique_fd fd(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (fd.get() < 0) {
        return {};
    }
    set_option(fd.get(), IPPROTO_TCP, TCP_NODELAY);
    const sockaddr_in address = loopback(port);
    if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
        errno != EINPROGRESS) {
        return {};
    }
    return fd;
}

unique_fd accept_next(int listener) {
    unique_fd fd(accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (fd.get() >= 0) {
        set_option(fd.get(), IPPROTO_TCP, TCP_NODELAY);
    }
    return fd;
}

void watch(int epoll, int fd, std::uint64_t tag) {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.u64 = tag;
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
        die(std::string("epoll_ctl: ") + std::strerror(errno));
    }
}

std::uint64_t raise_descriptor_limit() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

} // namespace vertex_relay::bench
