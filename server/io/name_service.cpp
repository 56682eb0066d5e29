#include "io/name_service.hpp"

#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>
#include <thread>

namespace vertex_relay::io {

namespace {

struct addrinfo_free {
    void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

socket_address copy_of(addrinfo const& found) {
    socket_address out;
    out.size = std::min<socklen_t>(found.ai_addrlen, sizeof out.storage);
    std::memcpy(&out.storage, found.ai_addr, out.size);
    std::array<char, NI_MAXHOST> text{};
    ::getnameinfo(out.raw(), out.size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
    out.text = text.data();
    return out;
}

name_answer look_up(std::string const& host, std::uint16_t port) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_NUMERICSERV;
    addrinfo* list = nullptr;
    int code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &list);
    std::unique_ptr<addrinfo, addrinfo_free> owned(list);
    if (code != 0) {
        return std::unexpected(code == EAI_SYSTEM ? std::strerror(errno) : ::gai_strerror(code));
    }
    std::vector<socket_address> found;
    for (auto const* one = list; one != nullptr; one = one->ai_next) {
        found.push_back(copy_of(*one));
    }
    return found;
}

} // namespace

void ask_system(std::string const& host, std::uint16_t port, tell_answer tell) {
    try {
        std::thread([host, port, tell] { tell(look_up(host, port)); }).detach();
    } catch (std::system_error const& error) {
        tell(std::unexpected(error.code().message()));
    }
}

} // namespace vertex_relay::io
