#include "io/local_call.hpp"

#include "core/ascii.hpp"
#include "io/socket_address.hpp"

#include <fmt/format.h>

#include <netinet/in.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

namespace vertex_relay::io {

namespace {

using core::doctor::address_facts;
using core::doctor::address_use;

/// Closed at the end.
class local_socket {
public:
    explicit local_socket(int family) : fd_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        timeval limit{3, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit); // of connect, too
    }
    ~local_socket() {
        if (fd_ >= 0) {
            ::close(fd_);
        }
    }
    local_socket(local_socket const&) = delete;
    local_socket& operator=(local_socket const&) = delete;
    int fd() const { return fd_; }
    /// From now on, for bytes that come.
    void waits_for_ever() {
        timeval limit{};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    }

private:
    int fd_;
};

sockaddr_un unix_address(std::string const& path) {
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    path.copy(where.sun_path, sizeof where.sun_path - 1);
    return where;
}

/// Zero, or the error.
int connect_unix(local_socket const& line, std::string const& path) {
    auto where = unix_address(path);
    return ::connect(line.fd(), reinterpret_cast<sockaddr*>(&where), sizeof where) == 0 ? 0 : errno;
}

/// Null: nobody listens there.
std::unique_ptr<local_socket> connected_to(core::listen_address const& address) {
    if (address.is_unix()) {
        auto line = std::make_unique<local_socket>(AF_UNIX);
        return connect_unix(*line, address.path) == 0 ? std::move(line) : nullptr;
    }
    auto host = address.host == "0.0.0.0" ? "127.0.0.1"
                : address.host == "::"    ? "::1"
                                          : address.host;
    auto numeric = parse_address(host, address.port);
    if (!numeric) {
        return nullptr;
    }
    auto line = std::make_unique<local_socket>(numeric->storage.ss_family);
    bool connected = ::connect(line->fd(), numeric->raw(), numeric->size) == 0;
    return connected ? std::move(line) : nullptr;
}

/// `fields`: each with its line end.
std::string get_request(std::string_view path, std::string_view fields = {}) {
    return fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{}\r\n", path,
                       fields);
}

std::string first_answer(int fd, std::string_view request) {
    if (::send(fd, request.data(), request.size(), MSG_NOSIGNAL) < 0) {
        return {};
    }
    char answer[1024];
    auto got = ::recv(fd, answer, sizeof answer, 0);
    return {answer, got > 0 ? static_cast<std::size_t>(got) : 0};
}

/// Every answer of a relay carries an id, and /livez is known to it, or an error in OpenAI's shape.
address_use holder_of(core::listen_address const& address) {
    auto answer = ask_livez(address).value_or(std::string());
    bool ours = answer.starts_with("HTTP/1.1 ") && answer.contains("\r\nx-request-id: ") &&
                (answer.contains(R"({"status":"ok"})") || answer.contains(R"("param":)"));
    return ours ? address_use::relay : address_use::other;
}

void refuse(address_facts& facts, std::string reason) {
    facts.use = address_use::refused;
    facts.reason = std::move(reason);
}

void look_at_path(address_facts& facts) {
    auto const& path = facts.address.path;
    local_socket line(AF_UNIX);
    auto error = connect_unix(line, path);
    struct stat status {};
    bool there = ::lstat(path.c_str(), &status) == 0;
    if (error == 0 || error == EAGAIN) { // EAGAIN: its queue is full
        facts.use = holder_of(facts.address);
    } else if (there && !S_ISSOCK(status.st_mode)) {
        refuse(facts, "a file is there that is no socket");
    } else if (auto parent = std::filesystem::path(path).parent_path();
               ::access(parent.c_str(), W_OK | X_OK) != 0) {
        refuse(facts, parent.string() + ": " + std::strerror(errno));
    }
}

void look_at_port(address_facts& facts) {
    auto numeric = parse_address(facts.address.host, facts.address.port);
    local_socket line(numeric ? numeric->storage.ss_family : AF_INET);
    int on = 1;
    ::setsockopt(line.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (numeric && numeric->is_v6()) {
        ::setsockopt(line.fd(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    }
    bool bound = numeric && line.fd() >= 0 && ::bind(line.fd(), numeric->raw(), numeric->size) == 0;
    if (bound) {
        return;
    }
    auto error = errno;
    if (!numeric || error == EADDRNOTAVAIL || error == EAFNOSUPPORT || line.fd() < 0) {
        facts.use = address_use::missing;
    } else if (error == EADDRINUSE) {
        facts.use = holder_of(facts.address);
    } else {
        refuse(facts, std::strerror(error));
    }
}

} // namespace

std::optional<std::string> ask_livez(core::listen_address const& address) {
    auto line = connected_to(address);
    return line ? std::optional(first_answer(line->fd(), get_request("/livez"))) : std::nullopt;
}

int ask_as_client(core::listen_address const& address, core::secret const* key) {
    constexpr std::string_view version = "HTTP/1.1 ";
    auto line = connected_to(address);
    auto field = key == nullptr ? std::string()
                                : "Authorization: Bearer " + std::string(key->reveal()) + "\r\n";
    auto answer = line ? first_answer(line->fd(), get_request("/v1/models", field)) : "";
    return answer.starts_with(version)
               ? core::ascii::parse_decimal<int>(answer.substr(version.size(), 3)).value_or(0)
               : 0;
}

bool stream_from(core::listen_address const& address, std::string_view request,
                 std::function<bool(std::string_view)> const& take) {
    auto line = connected_to(address);
    if (!line || ::send(line->fd(), request.data(), request.size(), MSG_NOSIGNAL) < 0) {
        return false;
    }
    std::array<char, 16 * 1024> bytes;
    auto more = [&] {
        auto got = ::recv(line->fd(), bytes.data(), bytes.size(), 0);
        bool ended = got == 0 || (got < 0 && errno != EINTR);
        return !ended && (got < 0 || take({bytes.data(), static_cast<std::size_t>(got)}));
    };
    if (more()) { // it has begun to answer
        line->waits_for_ever();
        while (more()) {
        }
    }
    return true;
}

void look_at_address(address_facts& facts) {
    facts.use = address_use::free;
    if (facts.address.is_unix()) {
        look_at_path(facts);
    } else {
        look_at_port(facts);
    }
}

} // namespace vertex_relay::io
