// exchange, request bodies: into one padded piece of memory, by a deadline, up to a limit.

#include "io/exchange.hpp"

#include <fmt/format.h>

namespace vertex_relay::io {

namespace {

constexpr std::size_t step_bytes = 16 * 1024; ///< read size when no length was announced
constexpr auto grace = std::chrono::seconds(10);

core::failure too_slow(std::size_t got) {
    auto why = core::invalid_request(
        408, "request_timeout",
        fmt::format("The request body stopped after {} bytes (timeouts.body_ms).", got));
    why.close = true;
    return why;
}

core::failure cut_short() {
    auto why = core::invalid_request(400, "bad_request", "The request body ended too early.");
    why.close = true;
    return why;
}

core::failure too_many_bodies() {
    auto why = core::overloaded("Too many request bodies are in memory (limits.buffered_bytes). "
                                "Try again.");
    why.close = true; // the rest of the body is not read
    return why;
}

core::failure bad_chunk() {
    auto why = core::invalid_request(400, "bad_request", "Malformed chunk in the request body.");
    why.close = true;
    return why;
}

} // namespace

task<core::result<std::size_t>> exchange::read_body(core::body_framing framing, std::size_t length,
                                                    bool expects_continue) {
    if (framing == core::body_framing::none) {
        input_.prepare(0); // the parser wants readable padding even behind nothing
        co_return std::size_t{0};
    }
    body_memory_.emplace(now_->shared.load.buffered_bytes,
                         now_->shared.settings.limits.buffered_bytes);
    if (!body_memory_->hold(length)) {
        co_return std::unexpected(too_many_bodies());
    }
    if (expects_continue && input_.data().empty()) {
        bool sent = client_.send("HTTP/1.1 100 Continue\r\n\r\n");
        if (!sent || (client_.has_backlog() && !co_await client_.flush())) {
            co_return std::unexpected(cut_short());
        }
    }
    core::body_decoder decoder(framing, length);
    co_return co_await read_payload(decoder, length);
}

/// The body is done with; what stands behind it is the next request.
void exchange::drop_body(std::size_t bytes) {
    input_.consume(bytes);
    body_memory_.reset();
}

/// The payload is kept at the front of the input; behind it stands what has not been decoded yet,
/// in the end what belongs to the next request.
task<core::result<std::size_t>> exchange::read_payload(core::body_decoder& decoder,
                                                       std::size_t length) {
    auto const& settings = now_->shared.settings;
    auto began = fiber_.loop().now();
    std::size_t payload = 0;
    while (true) {
        auto fresh = input_.writable_data().subspan(payload);
        auto slid = decoder.slide(fresh);
        auto next = fresh.size() - slid.consumed; // bytes of the next request, or none
        std::memmove(fresh.data() + slid.payload, fresh.data() + slid.consumed, next);
        payload += slid.payload;
        input_.truncate(payload + next);
        if (payload > settings.limits.body_bytes) {
            co_return std::unexpected(core::body_too_large(settings.limits.body_bytes));
        }
        if (!body_memory_->hold(std::max(length, payload))) {
            co_return std::unexpected(too_many_bodies());
        }
        if (decoder.failed()) {
            co_return std::unexpected(bad_chunk());
        }
        if (decoder.complete()) {
            co_return payload;
        }
        auto room = input_.prepare(length > payload ? length - payload : step_bytes);
        auto got = client_.socket().read_some(room);
        while (got.status == io_status::again) {
            auto slow = began + grace + std::chrono::milliseconds(payload); // 1 KiB a second
            fiber_.expires_at(std::min<time_point>(began + settings.timeouts.body_ms, slow));
            if (fiber_.stopped() != cause::none) {
                co_return std::unexpected(too_slow(payload));
            }
            co_await fiber_.sleep();
            got = client_.socket().read_some(room);
        }
        if (got.status != io_status::ok) {
            co_return std::unexpected(cut_short());
        }
        input_.commit(got.bytes);
    }
}

} // namespace vertex_relay::io
