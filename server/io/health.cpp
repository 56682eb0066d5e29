#include "io/health.hpp"

#include "io/service_setup.hpp"
#include "io/socket_address.hpp"

#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

namespace vertex_relay::io {

namespace {

int connect_to(core::listen_address const& address) {
    if (address.is_unix()) {
        sockaddr_un where{};
        where.sun_family = AF_UNIX;
        address.path.copy(where.sun_path, sizeof where.sun_path - 1);
        int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        bool good = ::connect(fd, reinterpret_cast<sockaddr*>(&where), sizeof where) == 0;
        return good ? fd : (::close(fd), -1);
    }
    auto host = address.host == "0.0.0.0" ? "127.0.0.1"
                : address.host == "::"    ? "::1"
                                          : address.host;
    auto numeric = parse_address(host, address.port);
    if (!numeric) {
        return -1;
    }
    int fd = ::socket(numeric->storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    timeval limit{3, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    bool good = ::connect(fd, reinterpret_cast<sockaddr*>(&numeric->storage), numeric->size) == 0;
    return good ? fd : (::close(fd), -1);
}

bool answers(int fd) {
    constexpr std::string_view request =
        "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    if (::send(fd, request.data(), request.size(), MSG_NOSIGNAL) < 0) {
        return false;
    }
    char answer[64];
    auto got = ::recv(fd, answer, sizeof answer, 0);
    std::string_view text(answer, got > 0 ? static_cast<std::size_t>(got) : 0);
    return text.starts_with("HTTP/1.1 200");
}

} // namespace

int check_health(core::config const& settings) {
    auto plan = listen_plan(settings);
    bool heard = false;
    for (auto const& wanted : plan) {
        if (wanted.admin == settings.admin.listen.empty()) {
            continue; // with an admin address, probes are served there alone
        }
        int fd = connect_to(wanted.address);
        bool alive = fd >= 0 && answers(fd);
        heard |= fd >= 0;
        if (fd >= 0) {
            ::close(fd);
        }
        if (alive) {
            std::puts("ok");
            return 0;
        }
        if (!wanted.optional) {
            break;
        }
    }
    std::fputs(heard ? "it answers, but not that it lives: with admin.listen, ask there "
                       "(--admin-listen)\n"
                     : "no answer: is the relay running, and on this address?\n",
               stderr);
    return 1;
}

} // namespace vertex_relay::io
