#include "io/listener.hpp"

#include "io/socket_address.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

namespace vertex_relay::io {

namespace {

constexpr int backlog = 4096;
constexpr auto pause_time = std::chrono::milliseconds(100);

int open_reserve() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

/// A socket that nobody listens on any more. What is no socket is never taken for one.
bool is_leftover(sockaddr_un const& where, int connect_error) {
    struct stat status {};
    return connect_error == ECONNREFUSED && ::lstat(where.sun_path, &status) == 0 &&
           S_ISSOCK(status.st_mode);
}

/// Accepted sockets inherit it.
void no_delay(int fd) {
    int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

std::uint16_t bound_port(int fd) {
    sockaddr_storage bound{};
    socklen_t size = sizeof bound;
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size);
    auto port = bound.ss_family == AF_INET6
                    ? reinterpret_cast<sockaddr_in6 const&>(bound).sin6_port
                    : reinterpret_cast<sockaddr_in const&>(bound).sin_port;
    return ntohs(port);
}

} // namespace

listener::listener(event_loop& loop, std::function<void(int)> on_client)
    : loop_(loop), on_client_(std::move(on_client)), reserve_(open_reserve()), acceptor_(loop) {
    acceptor_.start(accept_clients(), [](std::exception_ptr) {});
}

listener::~listener() {
    close();
    ::close(reserve_);
}

void listener::close() {
    if (fd_ >= 0) {
        loop_.unwatch(fd_); // whoever passed it keeps it open
        ::close(fd_);
        fd_ = -1;
        if (!path_.empty()) {
            ::unlink(path_.c_str());
        }
    }
}

std::expected<void, int> listener::open(core::listen_address const& address, unsigned mode) {
    auto bound = address.is_unix() ? bind_unix(address, mode) : bind_tcp(address);
    if (!bound) {
        return bound;
    }
    if (::listen(fd_, backlog) != 0 || !loop_.watch(fd_, *this)) {
        return std::unexpected(errno);
    }
    return {};
}

std::expected<void, int> listener::adopt(int fd, core::listen_address const& address) {
    fd_ = fd;
    if (address.is_unix()) {
        name_ = address.text();
    } else {
        name_ = "http://" + address.text();
        no_delay(fd_);
    }
    auto flags = ::fcntl(fd_, F_GETFL);
    if (::fcntl(fd_, F_SETFL, flags | O_NONBLOCK) != 0 || !loop_.watch(fd_, *this)) {
        return std::unexpected(errno);
    }
    return {};
}

std::expected<void, int> listener::bind_tcp(core::listen_address const& address) {
    auto numeric = parse_address(address.host, address.port);
    if (!numeric) {
        return std::unexpected(EADDRNOTAVAIL);
    }
    fd_ = ::socket(numeric->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd_ < 0) {
        return std::unexpected(errno == EAFNOSUPPORT ? EADDRNOTAVAIL : errno);
    }
    int on = 1;
    ::setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    no_delay(fd_);
    if (numeric->storage.ss_family == AF_INET6) {
        ::setsockopt(fd_, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    }
    if (::bind(fd_, reinterpret_cast<sockaddr const*>(&numeric->storage), numeric->size) != 0) {
        return std::unexpected(errno);
    }
    name_ = "http://" + core::listen_address{address.host, bound_port(fd_), {}}.text();
    return {};
}

std::expected<void, int> listener::bind_unix(core::listen_address const& address, unsigned mode) {
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    address.path.copy(where.sun_path, sizeof where.sun_path - 1);
    auto const* raw = reinterpret_cast<sockaddr const*>(&where);
    int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    auto answer = ::connect(probe, raw, sizeof where) == 0 ? 0 : errno;
    ::close(probe);
    if (answer == 0 || answer == EAGAIN) { // EAGAIN: its queue is full
        return std::unexpected(EADDRINUSE);
    }
    if (is_leftover(where, answer)) {
        ::unlink(address.path.c_str());
    }
    fd_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    auto before = ::umask(0777); // nobody gets in before the mode is set
    auto bound = ::bind(fd_, raw, sizeof where);
    auto error = errno;
    ::umask(before);
    if (bound != 0) {
        return std::unexpected(error);
    }
    ::chmod(address.path.c_str(), mode);
    path_ = address.path;
    name_ = address.text();
    return {};
}

void listener::on_readiness(std::uint32_t) { acceptor_.wake(); }

/// Ends with the listener, wherever it sleeps.
task<void> listener::accept_clients() {
    while (true) {
        bool exhausted = !accept_all();
        if (exhausted) {
            acceptor_.expires_after(pause_time);
            while (acceptor_.stopped() == cause::none) { // those who knock do not shorten it
                co_await acceptor_.sleep();
            }
            continue;
        }
        acceptor_.never_expires();
        co_await acceptor_.sleep();
    }
}

/// False when the process is out of descriptors: look again after a pause.
bool listener::accept_all() {
    while (fd_ >= 0) {
        int client = ::accept4(fd_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (client >= 0) {
            on_client_(client);
            continue;
        }
        if (errno == EMFILE || errno == ENFILE) {
            // Turn one client away with the descriptor kept for that, then breathe.
            ::close(reserve_);
            ::close(::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC));
            reserve_ = open_reserve();
            return false;
        }
        if (errno != ECONNABORTED && errno != EINTR) {
            return true;
        }
    }
    return true;
}

} // namespace vertex_relay::io
