#include "io/token_fetch.hpp"

#include "core/google/grant.hpp"
#include "core/google/token_answer.hpp"
#include "io/token_call.hpp"

namespace vertex_relay::io {

using namespace core::google;

namespace {

seconds whole_seconds(milliseconds span) { return std::chrono::duration_cast<seconds>(span); }

} // namespace

task<std::expected<access_token, token_error>> fetch_token(fiber& sleeper, connector& connects,
                                                           credential const& from,
                                                           grant_clock& when) {
    using outcome = std::expected<access_token, token_error>;
    auto granted = make_grant(from, whole_seconds(when.now().wall) + when.offset);
    if (!granted) {
        co_return outcome(std::unexpect, std::move(granted.error()));
    }
    if (auto* own = std::get_if<access_token>(&*granted)) {
        co_return outcome(std::move(*own));
    }
    auto const& call = std::get<token_call>(*granted);
    auto answered = co_await run_token_call(sleeper, connects, call);
    if (!answered) {
        co_return outcome(std::unexpect, explain_call_fault(from, answered.error().fault, call.host,
                                                            answered.error().detail));
    }
    auto now = when.now();
    auto wall = whole_seconds(now.wall);
    answer_conditions conditions{.since_start = whole_seconds(now.boot - when.started.boot),
                                 .clock_offset = when.offset, // the one this request was dated by
                                 .wall_now = wall};
    when.offset = clock_offset(*answered, wall).value_or(when.offset);
    co_return read_token_answer(from, *answered, conditions);
}

} // namespace vertex_relay::io
