// answer_relay, event streams: read, let core decide what goes out, write, repeat.

#include "core/http/event_relay.hpp"
#include "core/openai/api_error.hpp"
#include "core/vertex/google_error.hpp"
#include "io/answer_relay.hpp"

namespace vertex_relay::io {

namespace {

constexpr std::string_view last_chunk = "0\r\n\r\n";
constexpr std::string_view keep_alive_comment = ": keep-alive\n\n";

core::failure stream_timeout() {
    return {.status = 504,
            .type = "upstream_error",
            .code = "upstream_timeout",
            .message = "Vertex AI sent nothing for too long (upstream.idle_timeout_ms)."};
}

core::failure no_memory() {
    return core::overloaded("Too much of answers is in memory at once (limits.buffered_bytes). "
                            "Try again.");
}

core::failure incomplete() {
    return {.status = 502,
            .type = "upstream_error",
            .code = "stream_incomplete",
            .message = "Vertex AI ended the answer without a finish reason; it is incomplete. "
                       "Try again."};
}

} // namespace

struct answer_relay::stream_state {
    core::event_relay events;
    bool chunked;
    time_point last_read;
    time_point last_write;
    memory_share memory;
    std::optional<core::failure> stopped = {};
    bool client_gone = false;
};

task<answer_relay::outcome> answer_relay::relay_stream(vertex_answer& answer,
                                                       core::response_plan plan) {
    auto const& settings = now_.shared.settings;
    bool chunked = plan.version >= 11;
    auto now = fiber_.loop().now();
    stream_state state{
        {answer.start.head, chunked, settings.limits.event_bytes, editor_ ? &*editor_ : nullptr},
        chunked,
        now,
        now,
        share_memory()};
    state.events.expect_choices(choices_);
    auto& line = *answer.line;
    needs_end_ = core::ends_with_connection(plan);
    record_.streamed = true;
    auto head = begin_answer(plan);
    if (!co_await send_first(state, head, answer.start.rest)) {
        co_return outcome::broken;
    }
    bool orderly = false;
    while (!state.events.complete() && !state.events.broken()) {
        auto got = line.read();
        while (got.status == io_status::again) { // no task per event: this loop allocates nothing
            fiber_.expires_at(std::min(state.last_read + settings.upstream.idle_timeout_ms,
                                       state.last_write + settings.timeouts.comment_ms));
            if (fiber_.stopped() == cause::none) {
                co_await fiber_.sleep();
            } else if (!bridge_silence(state)) {
                co_return co_await break_off(state);
            }
            if (client_.has_backlog() && !co_await client_.flush()) {
                co_return outcome::broken;
            }
            got = line.read();
        }
        if (got.status != io_status::ok) {
            orderly = got.status == io_status::end;
            break;
        }
        state.last_read = fiber_.loop().now();
        auto out = state.events.feed(got.bytes);
        if (out.size() == 0) {
            if (!state.memory.hold(state.events.held())) {
                state.stopped = no_memory();
                co_return co_await break_off(state);
            }
            continue;
        }
        state.last_write = state.last_read;
        if (!client_.send(out.parts)) {
            co_return outcome::broken;
        }
        if (client_.has_backlog()) { // perhaps for long
            state.events.rest();
            if (!co_await client_.flush()) {
                co_return outcome::broken;
            }
        }
        state.memory.hold(state.events.held());
    }
    auto ending = co_await end_stream(state, orderly);
    bool reusable = state.events.ends_exactly() && answer.start.head.keep_alive;
    if (ending == outcome::delivered && reusable) {
        now_.upstream->pool.release(std::move(answer.line));
    }
    co_return ending;
}

/// The head goes out with the events that came along with Vertex AI's own head.
task<bool> answer_relay::send_first(stream_state& state, std::string_view head,
                                    std::span<char> bytes) {
    std::array<std::string_view, 5> parts{head};
    if (!bytes.empty()) {
        auto out = state.events.feed(bytes);
        std::ranges::copy(out.parts, parts.begin() + 1);
    }
    bool sent = client_.send(parts);
    co_return sent && (!client_.has_backlog() || co_await client_.flush());
}

/// A deadline has passed or the fiber was cancelled. True: a comment was sent, wait on.
bool answer_relay::bridge_silence(stream_state& state) {
    auto why = fiber_.stopped();
    auto now = fiber_.loop().now();
    if (why == cause::client_gone) {
        state.client_gone = true;
        return false;
    }
    if (why == cause::shutdown) {
        state.stopped = core::shutting_down();
        return false;
    }
    if (now - state.last_read >= now_.shared.settings.upstream.idle_timeout_ms) {
        state.stopped = stream_timeout();
        return false;
    }
    state.last_write = now;
    if (!state.events.may_insert() || client_.has_backlog()) {
        return true;
    }
    state.client_gone = !client_.send(core::frame_text(keep_alive_comment, state.chunked));
    return !state.client_gone;
}

task<answer_relay::outcome> answer_relay::end_stream(stream_state& state, bool orderly) {
    auto tail = state.events.finish(orderly);
    if (tail.size() > 0 && !client_.send(tail.parts)) {
        co_return outcome::broken;
    }
    note_usage(state.events.usage());
    note_repairs();
    note_usage(editor_ ? editor_->counts() : std::nullopt);
    if (client_.has_backlog() && !co_await client_.flush()) {
        co_return outcome::broken;
    }
    if (!state.events.ended_well()) {
        auto foreign = state.events.foreign_text();
        state.stopped = !foreign.empty()        ? core::read_stream_error(foreign, where_)
                        : state.events.broken() ? *state.events.broken()
                                                : incomplete();
        co_return co_await break_off(state);
    }
    auto done = state.events.lacks_done() ? state.events.done_event() : std::string();
    note_repairs();
    std::array<std::string_view, 2> parts{done, state.chunked ? last_chunk : ""};
    bool sent = client_.send(parts);
    if (!sent || (client_.has_backlog() && !co_await client_.flush())) {
        co_return outcome::broken;
    }
    co_return outcome::delivered;
}

/// Says in-band why the answer ends here, then leaves the connection to end without the last
/// chunk, or with a reset where there are no chunks: no client takes that for a whole answer.
task<answer_relay::outcome> answer_relay::break_off(stream_state& state) {
    if (state.client_gone || !state.stopped) {
        co_return outcome::broken;
    }
    problem_ = *state.stopped;
    fiber_.pardon();
    if (!state.events.may_insert()) {
        client_.socket().abort();
        co_return outcome::broken;
    }
    bool sent = client_.send(core::frame_text(core::error_event(problem_), state.chunked));
    if (sent && client_.has_backlog()) {
        co_await client_.flush();
    }
    if (needs_end_) {
        co_await client_.drain();
        client_.socket().abort();
    }
    co_return outcome::broken;
}

} // namespace vertex_relay::io
