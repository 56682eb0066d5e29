#include "net/token_server.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace vertex_relay::tests {

namespace {

/// Head and as much body as `Content-Length` says.
bool is_whole(std::string const& request) {
    auto end = request.find("\r\n\r\n");
    if (end == std::string::npos) {
        return false;
    }
    constexpr std::string_view name = "Content-Length: ";
    auto at = request.find(name);
    std::size_t length = 0;
    if (at < end) {
        auto value = request.substr(at + name.size());
        length = core::ascii::parse_decimal(value.substr(0, value.find('\r'))).value_or(0);
    }
    return request.size() >= end + 4 + length;
}

} // namespace

token_server::token_server(script answers) : answers_(std::move(answers)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    if (listener_ < 0 || ::bind(listener_, raw, size) != 0 || ::listen(listener_, 256) != 0 ||
        ::getsockname(listener_, raw, &size) != 0) {
        throw std::runtime_error("token_server cannot listen");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this](std::stop_token stop) { serve(stop); });
}

token_server::~token_server() {
    thread_.request_stop();
    ::shutdown(listener_, SHUT_RDWR); // ends the accept
    thread_.join();
    for (int client : held_) {
        ::close(client);
    }
    ::close(listener_);
}

std::string token_server::url(std::string const& path) const {
    return fmt::format("http://127.0.0.1:{}{}", port_, path);
}

std::vector<std::string> token_server::requests() const {
    std::scoped_lock lock(mutex_);
    return requests_;
}

void token_server::answer_with(script answers) {
    std::scoped_lock lock(mutex_);
    answers_ = std::move(answers);
}

void token_server::serve(std::stop_token stop) {
    while (!stop.stop_requested()) {
        int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (client >= 0) {
            converse(client);
        }
    }
}

void token_server::converse(int client) {
    timeval patience{.tv_sec = 2, .tv_usec = 0};
    ::setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    std::string request;
    char chunk[4096];
    while (!is_whole(request)) {
        auto got = ::recv(client, chunk, sizeof chunk, 0);
        if (got <= 0) {
            break;
        }
        request.append(chunk, static_cast<std::size_t>(got));
    }
    script answers;
    {
        std::scoped_lock lock(mutex_);
        requests_.push_back(request);
        answers = answers_;
    }
    auto reply = answers(request);
    for (std::string_view rest = reply.bytes; !rest.empty();) {
        auto sent = ::send(client, rest.data(), rest.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            break;
        }
        rest.remove_prefix(static_cast<std::size_t>(sent));
    }
    if (reply.hold) {
        std::scoped_lock lock(mutex_);
        held_.push_back(client);
    } else {
        ::close(client);
    }
}

std::string http_ok(std::string const& body, std::string const& more_headers) {
    return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n{}\r\n{}", body.size(),
                       more_headers, body);
}

std::string http_error(int status, std::string const& body) {
    return fmt::format("HTTP/1.1 {} Refused\r\nContent-Length: {}\r\n\r\n{}", status, body.size(),
                       body);
}

std::string token_json(std::string const& token, int lifetime) {
    return fmt::format(R"({{"access_token":"{}","expires_in":{},"token_type":"Bearer"}})", token,
                       lifetime);
}

} // namespace vertex_relay::tests
