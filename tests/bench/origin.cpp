#include "origin.hpp"

#include "marker.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace vertex_relay::bench {

namespace {

constexpr std::size_t head_bytes_max = 64 * 1024;
constexpr std::size_t body_front_bytes = 16 * 1024;
constexpr std::size_t burst_bytes = 16 * 1024;
constexpr std::int64_t second_ns = 1'000'000'000;

timespec until(std::int64_t due_ns) {
    const std::int64_t left = std::max<std::int64_t>(due_ns - now_ns(), 0);
    return {.tv_sec = left / second_ns, .tv_nsec = left % second_ns};
}

} // namespace

origin::origin(int listener, SSL_CTX& settings, origin_options options)
    : listener_(listener), settings_(settings), options_(std::move(options)),
      epoll_(epoll_create1(EPOLL_CLOEXEC)), calendar_(now_ns()), event_(event_chunk()) {
    watch(epoll_.get(), listener_, 0);
}

void origin::run() {
    std::array<epoll_event, 512> ready{};
    for (;;) {
        const auto next = calendar_.next_ns();
        const timespec wait = next ? until(*next) : timespec{};
        const int count = epoll_pwait2(epoll_.get(), ready.data(), static_cast<int>(ready.size()),
                                       next ? &wait : nullptr, nullptr);
        for (int at = 0; at < count; ++at) {
            const epoll_event& event = ready[static_cast<std::size_t>(at)];
            if (event.data.u64 == 0) {
                accept_all();
            } else {
                on_event(event.data.u64, event.events);
            }
        }
        calendar_.take(now_ns(), [this](std::uint64_t id) { fire(id); });
    }
}

void origin::accept_all() {
    for (;;) {
        unique_fd fd = accept_next(listener_);
        if (fd.get() < 0) {
            return;
        }
        const std::uint64_t id = next_id_++;
        watch(epoll_.get(), fd.get(), id);
        peers_.emplace(id, std::make_unique<peer>(std::move(fd), settings_));
    }
}

void origin::on_event(std::uint64_t id, std::uint32_t events) {
    const auto found = peers_.find(id);
    if (found == peers_.end()) {
        return; // Closed earlier in this batch.
    }
    peer& from = *found->second;
    const bool hung_up = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    bool alive = (events & EPOLLIN) == 0 || from.wire.receive(from.input, hung_up);
    alive = alive && advance(from, id) && from.wire.flush();
    if (alive && from.now == peer::phase::stream && from.asked.rate == 0) {
        alive = write_burst(from);
    }
    if (!alive || hung_up) {
        peers_.erase(found);
    }
}

bool origin::advance(peer& from, std::uint64_t id) {
    while (from.now != peer::phase::stream) {
        if (from.now == peer::phase::head) {
            if (from.input.find("\r\n\r\n") == from.input.npos) {
                return from.input.size() < head_bytes_max;
            }
            if (!take_head(from)) {
                return false;
            }
        }
        const std::size_t count = std::min(from.body_left, from.input.size());
        const std::size_t kept = std::min(count, body_front_bytes - from.body_front.size());
        from.body_front.append(from.input, 0, kept);
        from.input.erase(0, count);
        from.body_left -= count;
        if (from.body_left > 0) {
            return true;
        }
        answer(from, id);
    }
    return true;
}

bool origin::take_head(peer& from) {
    const std::size_t end = from.input.find("\r\n\r\n");
    const auto head = read_head(std::string_view(from.input).substr(0, end));
    if (!head) {
        return false;
    }
    from.target = head->target;
    from.authorized = head->authorization == options_.authorization;
    from.body_left = head->content_length.value_or(0);
    from.body_front.clear();
    from.now = peer::phase::body;
    from.input.erase(0, end + 4);
    return true;
}

void origin::answer(peer& to, std::uint64_t id) {
    to.now = peer::phase::head;
    if (to.target == "/token") {
        to.wire.write(token_answer());
        return;
    }
    const auto asked = read_behaviour(to.body_front);
    if (to.target != options_.path) {
        refuse(to, "unexpected target " + to.target);
    } else if (!to.authorized) {
        refuse(to, "the Authorization header was not replaced");
    } else if (!asked) {
        refuse(to, "the model names no behaviour of the benchmark");
    } else {
        to.asked = *asked;
        to.nonce = read_nonce(to.body_front);
        if (asked->stream) {
            start_stream(to, id);
        } else {
            to.wire.write(plain_answer(to.nonce));
        }
    }
}

void origin::refuse(peer& to, const std::string& reason) {
    if (!std::exchange(told_refusal_, true)) {
        std::fprintf(stderr, "refused: %s\n", reason.c_str());
    }
    to.wire.write(refusal(reason));
}

void origin::start_stream(peer& to, std::uint64_t id) {
    to.now = peer::phase::stream;
    to.sent = 0;
    to.wire.write(stream_head());
    if (to.asked.rate > 0) {
        const auto period = static_cast<std::int64_t>(second_ns / to.asked.rate);
        std::uniform_int_distribution<std::int64_t> phase(0, period);
        to.due_ns = now_ns() + phase(random_);
        schedule(to, id);
    }
}

void origin::schedule(const peer& of, std::uint64_t id) {
    calendar_.add(std::min(of.due_ns, now_ns() + calendar_.reach_ns), id);
}

void origin::write_event(peer& to) {
    put_marker(event_.data() + marker_at(), {.nonce = to.nonce,
                                             .number = to.sent,
                                             .time_ns = static_cast<std::uint64_t>(now_ns())});
    to.wire.write(event_);
    ++to.sent;
}

bool origin::write_burst(peer& to) {
    while (to.now == peer::phase::stream && to.wire.pending() == 0) {
        while (to.sent < to.asked.events && to.wire.pending() < burst_bytes) {
            write_event(to);
        }
        if (to.sent == to.asked.events) {
            finish_stream(to);
        }
        if (!to.wire.flush()) {
            return false;
        }
    }
    return true;
}

void origin::finish_stream(peer& to) {
    to.wire.write(usage_chunk());
    to.wire.write(last_chunks());
    to.now = peer::phase::head;
}

void origin::fire(std::uint64_t id) {
    const auto found = peers_.find(id);
    if (found == peers_.end() || found->second->now != peer::phase::stream) {
        return; // The client left.
    }
    peer& to = *found->second;
    if (to.due_ns > now_ns() + calendar_.slot_ns) {
        schedule(to, id); // It lay beyond the calendar's reach.
        return;
    }
    if (to.sent < to.asked.events) {
        write_event(to);
        to.due_ns += static_cast<std::int64_t>(second_ns / to.asked.rate);
        schedule(to, id);
    } else {
        finish_stream(to);
    }
    if (!to.wire.flush()) {
        peers_.erase(found);
    }
}

} // namespace vertex_relay::bench
