#include "io/peer_check.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <span>

namespace vertex_relay::io {

namespace {

struct question {
    nlmsghdr head;
    inet_diag_req_v2 ask;
};

struct address_and_port {
    std::span<char const> address;
    std::uint16_t port; ///< in network order
};

address_and_port parts_of(sockaddr_storage const& from) {
    if (from.ss_family == AF_INET6) {
        auto const& v6 = reinterpret_cast<sockaddr_in6 const&>(from);
        return {{reinterpret_cast<char const*>(&v6.sin6_addr), sizeof v6.sin6_addr}, v6.sin6_port};
    }
    auto const& v4 = reinterpret_cast<sockaddr_in const&>(from);
    return {{reinterpret_cast<char const*>(&v4.sin_addr), sizeof v4.sin_addr}, v4.sin_port};
}

bool is_loopback(sockaddr_storage const& address) {
    if (address.ss_family == AF_INET6) {
        auto const& v6 = reinterpret_cast<sockaddr_in6 const&>(address);
        return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) != 0;
    }
    auto const& v4 = reinterpret_cast<sockaddr_in const&>(address);
    return ntohl(v4.sin_addr.s_addr) >> 24U == IN_LOOPBACKNET;
}

/// The exact socket with this end and that other end.
question make_question(sockaddr_storage const& from, sockaddr_storage const& to) {
    question out{};
    out.head.nlmsg_len = sizeof out;
    out.head.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    out.head.nlmsg_flags = NLM_F_REQUEST;
    out.ask.sdiag_family = static_cast<std::uint8_t>(from.ss_family);
    out.ask.sdiag_protocol = IPPROTO_TCP;
    out.ask.idiag_states = ~0U;
    auto here = parts_of(from);
    auto there = parts_of(to);
    out.ask.id.idiag_sport = here.port;
    out.ask.id.idiag_dport = there.port;
    std::memcpy(out.ask.id.idiag_src, here.address.data(), here.address.size());
    std::memcpy(out.ask.id.idiag_dst, there.address.data(), there.address.size());
    std::ranges::fill(out.ask.id.idiag_cookie, INET_DIAG_NOCOOKIE);
    return out;
}

/// The owner that an answer names. A socket without an inode has been closed by its process: older
/// kernels say that root owns it. Where no connection fits, a listener on the port may be found.
std::optional<std::uint32_t> read_owner(std::span<char const> answer) {
    nlmsghdr head{};
    inet_diag_msg found{};
    if (answer.size() < NLMSG_HDRLEN + sizeof found) {
        return std::nullopt;
    }
    std::memcpy(&head, answer.data(), sizeof head);
    std::memcpy(&found, answer.data() + NLMSG_HDRLEN, sizeof found);
    bool fits = head.nlmsg_type == SOCK_DIAG_BY_FAMILY && found.idiag_state != TCP_LISTEN &&
                found.idiag_inode != 0;
    return fits ? std::optional(found.idiag_uid) : std::nullopt;
}

std::uint32_t number_of(std::span<char const> answer) {
    nlmsghdr head{};
    std::memcpy(&head, answer.data(), std::min(answer.size(), sizeof head));
    return head.nlmsg_seq;
}

/// Whether the connection still stands on our side. Only then no other connection can have taken
/// its two addresses since it was accepted.
bool stands(int fd) {
    tcp_info state{};
    socklen_t size = sizeof state;
    return ::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &state, &size) == 0 &&
           state.tcpi_state != TCP_CLOSE;
}

core::peer unix_peer(int fd) {
    core::peer out;
    ucred user{};
    socklen_t size = sizeof user;
    if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &user, &size) != 0) {
        return out;
    }
    out.uid = user.uid;
    std::array<gid_t, 1024> groups{};
    size = sizeof groups;
    if (::getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) == 0) {
        out.groups.assign(groups.begin(), groups.begin() + size / sizeof(gid_t));
    }
    out.groups.push_back(user.gid);
    return out;
}

struct loopback_pair {
    loopback_pair();
    ~loopback_pair() {
        for (int fd : {listener, client, server}) {
            ::close(fd);
        }
    }
    loopback_pair(loopback_pair const&) = delete;
    loopback_pair& operator=(loopback_pair const&) = delete;

    int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int server = -1;
};

loopback_pair::loopback_pair() {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof where;
    auto* raw = reinterpret_cast<sockaddr*>(&where);
    bool connected = ::bind(listener, raw, size) == 0 && ::listen(listener, 1) == 0 &&
                     ::getsockname(listener, raw, &size) == 0 && ::connect(client, raw, size) == 0;
    server = connected ? ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC) : -1;
}

} // namespace

peer_check::~peer_check() {
    if (netlink_ >= 0) {
        ::close(netlink_);
    }
}

bool peer_check::open() {
    if (netlink_ < 0) {
        netlink_ = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_SOCK_DIAG);
    }
    return netlink_ >= 0;
}

/// The kernel answers while it takes the question, so nothing is waited for.
std::optional<std::uint32_t> peer_check::owner_of(sockaddr_storage const& from,
                                                  sockaddr_storage const& to) {
    if (!open()) {
        return std::nullopt;
    }
    auto ask = make_question(from, to);
    ask.head.nlmsg_seq = ++asked_;
    if (::send(netlink_, &ask, sizeof ask, 0) != static_cast<ssize_t>(sizeof ask)) {
        return std::nullopt;
    }
    std::array<char, 4096> space{};
    while (true) {
        auto got = ::recv(netlink_, space.data(), space.size(), 0);
        if (got <= 0) {
            return std::nullopt;
        }
        auto answer = std::span(space).first(static_cast<std::size_t>(got));
        if (number_of(answer) == asked_) { // else it is late, for an earlier question
            return read_owner(answer);
        }
    }
}

std::optional<core::peer> peer_check::who(int fd) {
    sockaddr_storage theirs{};
    sockaddr_storage ours{};
    socklen_t size = sizeof theirs;
    socklen_t own_size = sizeof ours;
    bool named = ::getpeername(fd, reinterpret_cast<sockaddr*>(&theirs), &size) == 0 &&
                 ::getsockname(fd, reinterpret_cast<sockaddr*>(&ours), &own_size) == 0;
    if (!named) {
        return core::peer{}; // it is gone
    }
    if (theirs.ss_family == AF_UNIX) {
        return unix_peer(fd);
    }
    if (!is_loopback(theirs)) {
        return std::nullopt;
    }
    auto owner = owner_of(theirs, ours);
    return core::peer{.uid = stands(fd) ? owner : std::nullopt};
}

std::expected<void, std::string> peer_check::prove() {
    if (!open()) {
        return std::unexpected(fmt::format("the kernel's table of sockets cannot be read: {} "
                                           "(sock_diag, AF_NETLINK)",
                                           std::strerror(errno)));
    }
    loopback_pair pair;
    auto self = who(pair.server);
    if (!self || self->uid != ::geteuid()) {
        return std::unexpected("the kernel does not tell whose a loopback connection is "
                               "(sock_diag, module tcp_diag)");
    }
    return {};
}

} // namespace vertex_relay::io
