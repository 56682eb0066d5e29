#include "wire/storm_origin.hpp"

#include <fmt/format.h>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <utility>

namespace vertex_relay::tests {

namespace {

constexpr std::string_view request_line =
    "POST /v1/projects/sim-project/locations/global/endpoints/"
    "openapi/chat/completions HTTP/1.1";

/// The length of the body, if the head is the relay's own from the first byte to the last.
std::optional<std::size_t> body_size(std::string_view head) {
    constexpr std::array<std::string_view, 7> names{
        "Host: ", "Authorization: Bearer wire-token", "User-Agent: vertex-relay/",
        "Accept-Encoding: identity", "x-goog-user-project: billed-project",
        "Content-Type: application/json", "Content-Length: "};
    std::optional<std::size_t> size;
    std::size_t fields = 0;
    for (bool first = true; !head.empty(); first = false) {
        auto line = head.substr(0, head.find("\r\n"));
        head.remove_prefix(line.size() + 2);
        bool known = first ? line == request_line
                           : fields < names.size() && line.starts_with(names[fields++]);
        bool clean = std::ranges::all_of(line, [](char c) { return c >= 0x20 && c < 0x7f; });
        if (!known || !clean) {
            return std::nullopt;
        }
        if (fields == names.size()) {
            std::size_t value = 0;
            auto digits = line.substr(names.back().size());
            auto end = digits.data() + digits.size();
            auto parsed = std::from_chars(digits.data(), end, value);
            size = parsed.ptr == end ? std::optional(value) : std::nullopt;
        }
    }
    return size;
}

} // namespace

storm_origin::storm_origin() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof where;
    auto* raw = reinterpret_cast<sockaddr*>(&where);
    if (listener_ < 0 || ::bind(listener_, raw, size) != 0 || ::listen(listener_, 256) != 0 ||
        ::getsockname(listener_, raw, &size) != 0) {
        throw std::runtime_error("the origin cannot listen");
    }
    port_ = ntohs(where.sin_port);
    thread_ = std::jthread([this](std::stop_token stop) { serve(std::move(stop)); });
}

storm_origin::~storm_origin() {
    thread_.request_stop();
    ::shutdown(listener_, SHUT_RDWR); // ends the wait
    thread_.join();
    ::close(listener_);
}

storm_origin::tally storm_origin::take() {
    std::scoped_lock lock(mutex_);
    return std::exchange(seen_, {});
}

void storm_origin::serve(std::stop_token stop) {
    std::vector<pollfd> waiting{{listener_, POLLIN, 0}};
    std::map<int, std::string> inboxes;
    while (!stop.stop_requested() && ::poll(waiting.data(), waiting.size(), -1) >= 0) {
        for (std::size_t i = 1; i < waiting.size(); ++i) {
            auto& one = waiting[i];
            if (one.revents != 0 && !receive(one.fd, inboxes[one.fd])) {
                ::close(one.fd);
                inboxes.erase(one.fd);
                one.fd = -1;
            }
        }
        std::erase_if(waiting, [](pollfd const& one) { return one.fd < 0; });
        int fresh =
            waiting[0].revents != 0 ? ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC) : -1;
        if (fresh >= 0) {
            waiting.push_back({fresh, POLLIN, 0});
        }
    }
    for (auto const& [fd, inbox] : inboxes) {
        ::close(fd);
    }
}

/// False once the connection is of no more use.
bool storm_origin::receive(int fd, std::string& inbox) {
    std::array<char, 64 * 1024> bytes;
    auto got = ::recv(fd, bytes.data(), bytes.size(), 0);
    if (got <= 0) {
        if (!inbox.empty()) {
            complain("cut short: " + inbox);
        }
        return false;
    }
    inbox.append(bytes.data(), static_cast<std::size_t>(got));
    while (!inbox.empty()) {
        auto before = inbox.size();
        if (!answer_next(fd, inbox)) {
            return false;
        }
        if (inbox.size() == before) {
            break;
        }
    }
    return true;
}

/// Takes one whole request off the inbox if it is there; false if it must not be.
bool storm_origin::answer_next(int fd, std::string& inbox) {
    auto end = inbox.find("\r\n\r\n");
    if (end == inbox.npos) {
        return true;
    }
    auto size = body_size(std::string_view(inbox).substr(0, end + 2));
    if (!size) {
        complain(inbox.substr(0, end));
        inbox.clear();
        return false;
    }
    if (inbox.size() < end + 4 + *size) {
        return true;
    }
    {
        std::scoped_lock lock(mutex_);
        ++seen_.bodies[inbox.substr(end + 4, *size)];
    }
    inbox.erase(0, end + 4 + *size);
    auto answer = fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                              "Content-Length: {}\r\n\r\n{}",
                              storm_answer.size(), storm_answer);
    return ::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(answer.size());
}

void storm_origin::complain(std::string what) {
    std::scoped_lock lock(mutex_);
    seen_.malformed.push_back(std::move(what));
}

} // namespace vertex_relay::tests
