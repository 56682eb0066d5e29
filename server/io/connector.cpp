#include "io/connector.hpp"

#include <fmt/format.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cstring>

namespace vertex_relay::io {

namespace {

using line_result = core::result<std::unique_ptr<connection>>;

core::failure connect_failure(core::upstream_host const& host, std::string const& reason,
                              fiber& sleeper) {
    bool late = sleeper.stopped() == cause::deadline;
    return {.status = late ? 504 : 502,
            .type = "upstream_error",
            .code = late ? "upstream_connect_timeout" : "upstream_unreachable",
            .message = fmt::format("Cannot connect to {} port {}: {}.", host.name, host.port,
                                   late ? "timed out (upstream.connect_timeout_ms)" : reason)};
}

core::failure tls_failure(core::upstream_host const& host, std::string const& reason) {
    return {.status = 502,
            .type = "upstream_error",
            .code = "upstream_tls_failed",
            .message = fmt::format("No secure connection to {}: {}. If a proxy inspects TLS here, "
                                   "name its certificate with upstream.ca_file.",
                                   host.name, reason)};
}

int open_socket(socket_address const& address) {
    int fd = ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;
    if (fd >= 0) {
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    }
    return fd;
}

} // namespace

/// Empty on success, else the reason.
task<std::string> connector::connect_socket(fiber& sleeper, connection& line,
                                            socket_address const& address) {
    int fd = open_socket(address);
    if (fd < 0) {
        co_return std::strerror(errno);
    }
    auto const* raw = reinterpret_cast<sockaddr const*>(&address.storage);
    bool started = ::connect(fd, raw, address.size) == 0 || errno == EINPROGRESS;
    auto reason = started ? std::string() : std::string(std::strerror(errno));
    if (!line.socket().adopt(fd)) {
        co_return "cannot watch the socket";
    }
    if (!started) {
        co_return reason;
    }
    line.socket().wakes(&sleeper);
    while (!line.socket().writable()) {
        if (sleeper.stopped() != cause::none) {
            co_return "stopped";
        }
        co_await sleeper.sleep();
    }
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    co_return error == 0 ? std::string() : std::string(std::strerror(error));
}

task<line_result> connector::connect(fiber& sleeper, core::upstream_host const& host,
                                     tls_offer offer) {
    auto addresses = co_await names_.resolve(sleeper, host.name, host.port);
    if (!addresses) {
        co_return line_result(std::unexpect, std::move(addresses.error()));
    }
    auto line = std::make_unique<connection>(loop_, buffers_);
    line->host = host;
    std::string reason = "no address";
    for (auto const& address : *addresses) {
        reason = co_await connect_socket(sleeper, *line, address);
        if (reason.empty() || sleeper.stopped() != cause::none) {
            break;
        }
    }
    if (!reason.empty()) {
        co_return line_result(std::unexpect, connect_failure(host, reason, sleeper));
    }
    if (host.tls) {
        auto context = co_await tls_.context(sleeper);
        if (!context) {
            co_return line_result(std::unexpect, tls_failure(host, context.error()));
        }
        auto secured = co_await line->handshake(sleeper, **context, host.tls_name, offer);
        if (!secured) {
            auto bad = sleeper.stopped() == cause::deadline
                           ? connect_failure(host, "timed out", sleeper)
                           : tls_failure(host, secured.error());
            co_return line_result(std::unexpect, std::move(bad));
        }
    }
    co_return line_result(std::move(line));
}

} // namespace vertex_relay::io
