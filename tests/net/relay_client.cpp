#include "net/relay_client.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>

namespace vertex_relay::tests {

namespace {

/// Takes chunks off a body as it grows; looks at each byte once.
class chunk_reader {
public:
    /// `wire` is everything behind the head so far. True once the last chunk has been taken.
    bool read(std::string_view wire, std::string& payload) {
        while (true) {
            auto line_end = wire.find("\r\n", at_);
            if (line_end == std::string_view::npos) {
                return false;
            }
            std::size_t size = 0;
            auto const* first = wire.data() + at_;
            auto parsed = std::from_chars(first, wire.data() + line_end, size, 16);
            bool good = parsed.ec == std::errc() && parsed.ptr == wire.data() + line_end;
            if (!good || wire.size() < line_end + 4 + size) {
                return false;
            }
            if (wire.substr(line_end + 2 + size, 2) != "\r\n") {
                return false;
            }
            payload += wire.substr(line_end + 2, size);
            at_ = line_end + 4 + size;
            if (size == 0) {
                return true;
            }
        }
    }
    std::size_t taken() const { return at_; }

private:
    std::size_t at_ = 0;
};

int status_of(std::string_view head) {
    bool http = head.starts_with("HTTP/1.1 ") || head.starts_with("HTTP/1.0 ");
    return http ? core::ascii::parse_decimal<int>(head.substr(9, 3)).value_or(0) : 0;
}

} // namespace

std::string http_answer::field(std::string_view name) const {
    auto at = core::ascii::to_lower(head).find(fmt::format("\r\n{}:", name));
    if (at == std::string::npos) {
        return {};
    }
    auto value = std::string_view(head).substr(at + name.size() + 3);
    return std::string(core::ascii::trim(value.substr(0, value.find('\r'))));
}

relay_client::relay_client(int fd) : fd_(fd) {
    ::fcntl(fd_, F_SETFL, ::fcntl(fd_, F_GETFL) | O_NONBLOCK);
}

relay_client::~relay_client() { close(); }

relay_client::relay_client(relay_client&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), end_(other.end_), inbox_(std::move(other.inbox_)) {}

bool relay_client::wait(short events, instant until) {
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    pollfd one{fd_, events, 0};
    return left.count() > 0 && ::poll(&one, 1, static_cast<int>(left.count())) > 0;
}

/// Takes in what is there, waiting for something; false at the end or the deadline.
bool relay_client::receive(instant until) {
    char bytes[64 * 1024];
    while (end_ == ending::open) {
        auto got = ::recv(fd_, bytes, sizeof bytes, 0);
        if (got > 0) {
            inbox_.append(bytes, static_cast<std::size_t>(got));
            return true;
        }
        if (got == 0) {
            end_ = ending::closed;
        } else if (errno != EAGAIN && errno != EINTR) {
            end_ = ending::reset;
        } else if (!wait(POLLIN, until)) {
            return false;
        }
    }
    return false;
}

bool relay_client::send(std::string_view bytes) {
    auto until = std::chrono::steady_clock::now() + patience;
    while (!bytes.empty()) {
        auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        } else if (errno != EAGAIN || !wait(POLLIN | POLLOUT, until)) {
            return false;
        } else {
            receive(instant()); // an early answer must not be lost to a reset
        }
    }
    return true;
}

http_answer relay_client::read(bool bodiless) {
    http_answer out;
    auto until = std::chrono::steady_clock::now() + patience;
    while (inbox_.find("\r\n\r\n") == std::string::npos) {
        if (!receive(until)) {
            return out;
        }
    }
    out.head = inbox_.substr(0, inbox_.find("\r\n\r\n") + 4);
    out.status = status_of(out.head);
    inbox_.erase(0, out.head.size());
    out.chunked = out.field("transfer-encoding") == "chunked";
    auto length = core::ascii::parse_decimal<std::size_t>(out.field("content-length"));
    if (bodiless || out.status / 100 == 1 || out.status == 204) {
        out.complete = true;
        return out;
    }
    chunk_reader chunks;
    while (true) {
        if (out.chunked) {
            out.complete = chunks.read(inbox_, out.body);
        } else {
            out.complete = length ? inbox_.size() >= *length : end_ == ending::closed;
        }
        if (out.complete || !receive(until)) {
            break;
        }
    }
    if (!out.chunked) {
        out.complete = out.complete || (!length && end_ == ending::closed);
        out.body = inbox_.substr(0, length.value_or(inbox_.size()));
    }
    inbox_.erase(0, out.chunked ? chunks.taken() : out.body.size());
    return out;
}

bool relay_client::wait_until(std::function<bool(std::string_view)> const& holds) {
    auto until = std::chrono::steady_clock::now() + patience;
    while (!holds(inbox_)) {
        if (!receive(until)) {
            return false;
        }
    }
    return true;
}

bool relay_client::wait_for(std::string_view text) {
    return wait_until([text](std::string_view all) { return all.find(text) != all.npos; });
}

void relay_client::take_in() {
    while (receive(instant())) {
    }
}

ending relay_client::wait_for_end() {
    wait_until([](std::string_view) { return false; });
    return end_;
}

void relay_client::half_close() { ::shutdown(fd_, SHUT_WR); }

void relay_client::close() {
    if (fd_ >= 0) {
        ::close(fd_);
    }
    fd_ = -1;
}

void relay_client::reset() {
    linger now{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
}

std::string post_chat(std::string_view body, std::string_view more_fields) {
    return fmt::format("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
                       "Content-Type: application/json\r\n{}Content-Length: {}\r\n\r\n{}",
                       more_fields, body.size(), body);
}

std::string chat_body(std::string_view model, bool stream) {
    return fmt::format(R"({{"model":"{}","stream":{},"messages":[{{"role":"user",)"
                       R"("content":"Say a few words about relays."}}]}})",
                       model, stream);
}

std::string chat(std::string_view model, bool stream) {
    return post_chat(chat_body(model, stream));
}

} // namespace vertex_relay::tests
