#include "io/dial.hpp"

#include "core/egress/connect_race.hpp"
#include "io/shorter_deadline.hpp"

#include <fmt/format.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <cstring>

namespace vertex_relay::io {

namespace {

constexpr std::size_t reasons_max = 3;

int open_socket(socket_address const& address) {
    int fd = ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;
    if (fd >= 0) {
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    }
    return fd;
}

int pending_error(int fd) {
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
}

std::vector<bool> families(std::vector<socket_address> const& addresses) {
    std::vector<bool> is_v6;
    for (auto const& address : addresses) {
        is_v6.push_back(address.is_v6());
    }
    return is_v6;
}

/// The attempts under way and what became of the others.
class attempts {
public:
    attempts(fiber& sleeper, wire_buffers& buffers, std::vector<socket_address> const& addresses)
        : sleeper_(sleeper), buffers_(buffers), addresses_(addresses), race_(families(addresses)) {}

    void start_due() {
        while (auto next = race_.start(sleeper_.loop().now_ms())) {
            start(addresses_[*next]);
        }
    }
    /// The first connection that stands; attempts that failed are dropped.
    std::unique_ptr<connection> settle();
    bool lost() const { return race_.lost(); }
    time_point next_start() const {
        auto due = race_.next_start();
        return due ? time_point(*due) : time_point::max();
    }
    std::string reasons() const;

private:
    struct attempt {
        std::unique_ptr<connection> line;
        socket_address const* to;
    };
    void start(socket_address const& address);
    void fail(socket_address const& address, std::string reason) {
        failures_.emplace_back(address.text, std::move(reason));
        race_.failed();
    }

    fiber& sleeper_;
    wire_buffers& buffers_;
    std::vector<socket_address> const& addresses_;
    core::connect_race race_;
    std::vector<attempt> under_way_;
    std::vector<std::pair<std::string, std::string>> failures_; ///< address, reason
};

void attempts::start(socket_address const& address) {
    int fd = open_socket(address);
    bool started = fd >= 0 && (::connect(fd, address.raw(), address.size) == 0 ||
                               errno == EINPROGRESS);
    if (!started) {
        fail(address, std::strerror(errno));
    }
    auto line = std::make_unique<connection>(sleeper_.loop(), buffers_);
    bool watched = fd >= 0 && line->socket().adopt(fd);
    if (started && !watched) {
        fail(address, "cannot watch the socket");
    } else if (started) {
        line->socket().wakes(&sleeper_);
        under_way_.push_back({std::move(line), &address});
    }
}

std::unique_ptr<connection> attempts::settle() {
    for (auto& one : under_way_) {
        if (!one.line->socket().writable()) {
            continue;
        }
        auto line = std::move(one.line);
        int error = pending_error(line->socket().native());
        if (error == 0) {
            return line;
        }
        fail(*one.to, std::strerror(error));
    }
    std::erase_if(under_way_, [](attempt const& one) { return !one.line; });
    return nullptr;
}

std::string attempts::reasons() const {
    if (failures_.size() == 1) {
        return failures_.front().second;
    }
    std::string text;
    for (std::size_t i = 0; i < std::min(failures_.size(), reasons_max); ++i) {
        auto const& [address, reason] = failures_[i];
        text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", reason, address);
    }
    auto left = failures_.size() - std::min(failures_.size(), reasons_max);
    return left == 0 ? text : fmt::format("{} and {} more", text, left);
}

} // namespace

task<dialled> dial(fiber& sleeper, wire_buffers& buffers,
                   std::vector<socket_address> const& addresses) {
    attempts race(sleeper, buffers, addresses);
    shorter_deadline pace(sleeper);
    while (true) {
        if (auto line = race.settle()) {
            co_return line;
        }
        if (pace.ended()) {
            co_return dialled(std::unexpect, "stopped");
        }
        race.start_due();
        if (race.lost()) {
            co_return dialled(std::unexpect, race.reasons());
        }
        pace.set(race.next_start());
        co_await sleeper.sleep();
    }
}

} // namespace vertex_relay::io
