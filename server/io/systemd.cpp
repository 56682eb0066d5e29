#include "io/systemd.hpp"

#include "io/log.hpp"
#include "io/named_files.hpp"
#include "io/token_search.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace vertex_relay::io {

namespace {

int socket_option(int fd, int name) {
    int value = -1;
    socklen_t size = sizeof value;
    return ::getsockopt(fd, SOL_SOCKET, name, &value, &size) == 0 ? value : -1;
}

core::listen_address tcp_address(sockaddr_storage const& bound) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (bound.ss_family == AF_INET6) {
        auto const& v6 = reinterpret_cast<sockaddr_in6 const&>(bound);
        ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
        return {.host = text.data(), .port = ntohs(v6.sin6_port), .path = {}};
    }
    auto const& v4 = reinterpret_cast<sockaddr_in const&>(bound);
    ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    return {.host = text.data(), .port = ntohs(v4.sin_port), .path = {}};
}

[[noreturn]] void refuse(core::passed_socket const& given, std::string_view why) {
    throw configuration_error(fmt::format("the socket '{}' that systemd passed as descriptor {} {}",
                                          given.name, given.fd, why));
}

passed_listener examine(core::passed_socket const& given) {
    if (socket_option(given.fd, SO_TYPE) != SOCK_STREAM ||
        socket_option(given.fd, SO_ACCEPTCONN) != 1) {
        refuse(given, "is no stream socket that listens: use ListenStream= and Accept=no");
    }
    sockaddr_storage bound{};
    socklen_t size = sizeof bound;
    ::getsockname(given.fd, reinterpret_cast<sockaddr*>(&bound), &size);
    bool admin = given.name == "admin";
    if (bound.ss_family == AF_INET || bound.ss_family == AF_INET6) {
        return {given.fd, {tcp_address(bound), admin}};
    }
    auto const& local = reinterpret_cast<sockaddr_un const&>(bound);
    if (bound.ss_family != AF_UNIX || local.sun_path[0] != '/') {
        refuse(given, "has no path: every user may connect to it; use ListenStream=/PATH");
    }
    core::listen_address address;
    address.path.assign(local.sun_path, ::strnlen(local.sun_path, sizeof local.sun_path));
    return {given.fd, {std::move(address), admin}};
}

void use_passed_credential() {
    auto const* folder = std::getenv("CREDENTIALS_DIRECTORY");
    auto path = folder != nullptr ? fmt::format("{}/adc.json", folder) : std::string();
    if (!path.empty() && ::access(path.c_str(), F_OK) == 0) {
        ::setenv("GOOGLE_APPLICATION_CREDENTIALS", path.c_str(), 0);
    }
}

} // namespace

std::vector<core::passed_address> systemd_parts::addresses() const {
    std::vector<core::passed_address> out;
    for (auto const& one : sockets) {
        out.push_back(one.at);
    }
    return out;
}

systemd_parts take_systemd_parts() {
    auto said = core::read_systemd(process_environment(), static_cast<std::uint32_t>(::getpid()));
    for (auto const* name : core::systemd_variables) {
        ::unsetenv(name);
    }
    if (!said) {
        throw configuration_error(said.error());
    }
    use_passed_credential();
    systemd_parts out{.notify_socket = std::move(said->notify_socket), .watchdog = said->watchdog};
    for (auto const& given : said->sockets) {
        ::fcntl(given.fd, F_SETFD, FD_CLOEXEC);
        out.sockets.push_back(examine(given));
    }
    if (std::ranges::count_if(out.sockets, [](auto const& one) { return one.at.admin; }) > 1) {
        throw configuration_error("systemd passed more than one socket named 'admin'");
    }
    return out;
}

notifier::notifier(std::string const& address, log const& logs) : logs_(logs) {
    if (address.empty()) {
        return;
    }
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    if ((address[0] != '/' && address[0] != '@') || address.size() >= sizeof where.sun_path) {
        throw configuration_error(fmt::format("NOTIFY_SOCKET is '{}', expected a path or @name",
                                              address));
    }
    address.copy(where.sun_path, sizeof where.sun_path - 1);
    if (address[0] == '@') {
        where.sun_path[0] = '\0'; // unix(7): an abstract name
    }
    auto size = offsetof(sockaddr_un, sun_path) + address.size();
    fd_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    auto const* raw = reinterpret_cast<sockaddr*>(&where);
    if (::connect(fd_, raw, static_cast<socklen_t>(size)) != 0) {
        throw configuration_error(fmt::format("NOTIFY_SOCKET '{}' cannot be reached: {}", address,
                                              std::strerror(errno)));
    }
}

notifier::~notifier() {
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

void notifier::tell(std::string_view lines) const {
    if (fd_ < 0) {
        return;
    }
    if (::send(fd_, lines.data(), lines.size(), MSG_NOSIGNAL) < 0) {
        logs_.warn(fmt::format("systemd was not told {}: {}", lines.substr(0, lines.find('\n')),
                               std::strerror(errno)));
    }
}

} // namespace vertex_relay::io
