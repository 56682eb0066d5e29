// `GET /requests`: the exchange that tells of all others, for `vertex-relay tail`.

#include "core/http/event_relay.hpp"
#include "io/exchange.hpp"

namespace vertex_relay::io {

/// One line for each exchange that ends from now on, until the client leaves or the relay stops.
task<bool> exchange::feed() {
    constexpr std::string_view last_chunk = "0\r\n\r\n";
    followers::seat seat(now_->shared.load.followers, fiber_);
    bool chunked = plan_.version >= 11;
    plan_.status = record_.status = 200;
    plan_.content_type = "application/x-ndjson";
    plan_.keep_alive = false;
    client_.socket().cancels_on_hang_up(true);
    bool good = client_.send(core::build_response_head(plan_));
    while (good && !head_only_ && !seat.ended() && fiber_.stopped() == cause::none) {
        auto lines = seat.take();
        if (lines.empty()) {
            fiber_.never_expires();
            co_await fiber_.sleep();
            continue;
        }
        good = client_.send(core::frame_text(lines, chunked)) &&
               (!client_.has_backlog() || co_await client_.flush());
    }
    if (good && chunked && !head_only_ && seat.ended()) {
        client_.send(last_chunk);
    }
    client_.socket().cancels_on_hang_up(false);
    record_.where = core::phase::done;
    co_return false;
}

} // namespace vertex_relay::io
