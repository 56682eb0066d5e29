#include "io/session.hpp"

#include <fmt/format.h>

namespace vertex_relay::io {

namespace {

constexpr std::size_t first_read_bytes = 4096;
/// Most of a refused body: clients that cannot send all of it say so instead of reading the answer.
constexpr std::size_t linger_bytes = 64 * 1024 * 1024;
constexpr auto linger_time = std::chrono::seconds(1);
/// A relay that is full still lives: probes at `admin.listen` may be so many more.
constexpr std::size_t probes_beside = 64;
/// A client that was let in before the drain began has its first request on the way: it cannot know
/// that it must go elsewhere.
constexpr auto first_request_time = std::chrono::seconds(1);

core::failure head_too_late(std::chrono::milliseconds limit) {
    auto why = core::invalid_request(
        408, "request_timeout",
        fmt::format("The request head was not received in {} ms (timeouts.head_ms).",
                    limit.count()));
    why.close = true;
    return why;
}

core::failure head_too_large(std::size_t limit) {
    auto why = core::invalid_request(
        431, "headers_too_large",
        fmt::format("The request head is larger than {} bytes (limits.head_bytes).", limit));
    why.close = true;
    return why;
}

/// RFC 8446 section 5.1: content type 22, version 3.x.
constexpr std::string_view tls_handshake_record = "\x16\x03";

core::failure tls_on_plain_port() {
    auto why = core::invalid_request(
        400, "bad_request", "This port speaks plain HTTP: begin the base URL with http://.");
    why.close = true;
    return why;
}

core::failure bad_line_end() {
    auto why = core::invalid_request(400, "bad_request",
                                     "Malformed HTTP request: a line does not end in CRLF.");
    why.close = true;
    return why;
}

core::failure too_many_connections(std::size_t limit) {
    auto why = core::overloaded(
        fmt::format("More than {} connections (limits.connections). Try again.", limit));
    why.close = true;
    return why;
}

} // namespace

session::session(worker& at, door came_by, int client)
    : worker_(at), came_by_(came_by), socket_(at.loop),
      connection_(at.current()->shared.load.connections, 1), client_(socket_, fiber_),
      fiber_(at.loop) {
    auto limit = at.current()->shared.settings.limits.connections;
    over_limit_ = connection_.total() > limit + (came_by == door::admin ? probes_beside : 0);
    socket_.wakes(&fiber_);
    socket_.adopt(client);
    client_.bound_backlog();
}

void session::start(std::function<void(std::exception_ptr)> on_end) {
    fiber_.start(run(), std::move(on_end));
}

void session::drain() {
    if (waiting_ && served_) {
        fiber_.cancel(cause::shutdown);
    } else if (waiting_) {
        fiber_.expires_at(std::min(fiber_.limit(), worker_.loop.now() + first_request_time));
    }
}

task<void> session::run() {
    if (over_limit_) {
        exchange turn(worker_, line());
        co_await turn.refuse_head(
            too_many_connections(worker_.current()->shared.settings.limits.connections));
        co_await linger();
        co_return;
    }
    bool again = socket_.is_open();
    while (again) {
        auto head = co_await read_head();
        if (head.what == arrival::ended) {
            break;
        }
        exchange turn(worker_, line());
        if (head.refusal) {
            co_await turn.refuse_head(std::move(*head.refusal));
            break;
        }
        find_peer();
        again = co_await turn.run(head.bytes);
        served_ = true;
        again = again && !worker_.current()->shared.load.draining.load(std::memory_order_relaxed);
    }
    co_await linger();
}

/// Asked once, when the rules want to know: the user of a connection stays the same.
void session::find_peer() {
    auto const& rules = worker_.current()->shared.rules_at(came_by_);
    if (rules.peers.on && !peer_known_) {
        peer_ = worker_.peers.who(socket_.native());
        peer_known_ = true;
    }
}

/// Waits for a whole head: at most the keep-alive time for its first byte, then the head time.
task<session::head_outcome> session::read_head() {
    // Copies: a client may be idle across a reload, and should keep nothing old alive.
    auto const timeouts = worker_.current()->shared.settings.timeouts;
    auto const limits = worker_.current()->shared.settings.limits;
    std::size_t scanned = 0;
    bool begun = false;
    fiber_.expires_after(served_ ? timeouts.keep_alive_ms : timeouts.head_ms);
    while (true) {
        while (input_.data().starts_with("\r\n")) { // RFC 9112 section 2.2: empty lines in front
            input_.consume(2);
            scanned = 0;
        }
        if (input_.data().starts_with(tls_handshake_record)) {
            co_return head_outcome{arrival::complete, 0, tls_on_plain_port()};
        }
        auto scan = core::find_head_end(input_.data(), scanned);
        if (scan.verdict == core::head_scan::verdict::complete) {
            co_return head_outcome{arrival::complete, scan.size};
        }
        if (scan.verdict == core::head_scan::verdict::malformed) {
            co_return head_outcome{arrival::complete, 0, bad_line_end()};
        }
        if (input_.data().size() > limits.head_bytes) {
            bool no_line = input_.data().find('\n') == std::string_view::npos;
            co_return head_outcome{arrival::complete, 0,
                                   no_line ? core::target_too_long(limits.target_bytes)
                                           : head_too_large(limits.head_bytes)};
        }
        scanned = input_.data().size();
        if (scanned > 0 && !begun) {
            begun = true;
            fiber_.expires_after(timeouts.head_ms);
        }
        auto got = socket_.read_some(input_.prepare(first_read_bytes));
        while (got.status == io_status::again) {
            waiting_ = input_.data().empty();
            if (waiting_) {
                input_.trim();
            }
            if (fiber_.stopped() != cause::none) {
                waiting_ = false;
                bool late = begun && fiber_.stopped() == cause::deadline;
                if (!late) {
                    co_return head_outcome{arrival::ended};
                }
                co_return head_outcome{arrival::complete, 0, head_too_late(timeouts.head_ms)};
            }
            co_await fiber_.sleep();
            waiting_ = false;
            got = socket_.read_some(input_.prepare(first_read_bytes));
        }
        if (got.status != io_status::ok) {
            co_return head_outcome{arrival::ended};
        }
        input_.commit(got.bytes);
    }
}

/// Lets the last answer arrive: closing with unread input would reset the connection under it.
task<void> session::linger() {
    if (!socket_.is_open()) {
        co_return;
    }
    fiber_.pardon();
    socket_.shutdown_write();
    fiber_.expires_after(linger_time);
    std::size_t dropped = 0;
    while (dropped < linger_bytes && fiber_.stopped() == cause::none) {
        auto got = socket_.read_some(worker_.buffers.plain);
        if (got.status == io_status::again) {
            co_await fiber_.sleep();
            continue;
        }
        if (got.status != io_status::ok) {
            break;
        }
        dropped += got.bytes;
    }
    socket_.close();
}

} // namespace vertex_relay::io
