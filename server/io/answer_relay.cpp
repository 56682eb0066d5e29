#include "io/answer_relay.hpp"

#include "core/ascii.hpp"
#include "core/http/event_relay.hpp"
#include "core/http/framing.hpp"
#include "core/server_timing.hpp"
#include "core/vertex/google_error.hpp"
#include "io/timed.hpp"

#include <fmt/format.h>

namespace vertex_relay::io {

namespace {

/// Answers up to this size are read whole before the first byte is passed on, so that a cut can
/// still be told by the status.
constexpr std::size_t whole_bytes_max = 64 * 1024;
constexpr std::string_view last_chunk = "0\r\n\r\n";

/// The last kilobytes of all that passed.
void keep_tail(std::string& tail, std::string_view fresh) {
    constexpr std::size_t bytes = 4 * 1024;
    tail += fresh.substr(fresh.size() - std::min(fresh.size(), bytes));
    tail.erase(0, tail.size() - std::min(tail.size(), bytes));
}

core::failure upstream_broke(fiber& sleeper, core::body_decoder const& body) {
    if (body.failed()) {
        return core::malformed_response("a malformed chunk");
    }
    if (sleeper.stopped() == cause::shutdown) {
        return core::shutting_down();
    }
    bool late = sleeper.stopped() == cause::deadline;
    return {.status = late ? 504 : 502,
            .type = "upstream_error",
            .code = late ? "upstream_timeout" : "upstream_reset",
            .message = late ? "Vertex AI stopped in the middle of its answer "
                              "(upstream.idle_timeout_ms)."
                            : "The connection to Vertex AI broke in the middle of the answer. "
                              "Try again."};
}

} // namespace

task<answer_relay::outcome> answer_relay::relay(vertex_answer& answer, core::response_plan plan) {
    record_.where = core::phase::relay;
    auto const& head = answer.start.head;
    auto coding = head.find("content-encoding");
    if (coding && !core::ascii::iequals(*coding, "identity")) {
        problem_ = {.status = 502,
                    .type = "upstream_error",
                    .code = "upstream_encoding",
                    .message = "Vertex AI sent a compressed answer that was not asked for."};
        co_return outcome::refused;
    }
    auto type = head.find("content-type").value_or("application/json");
    plan.content_type = type;
    if (core::ascii::istarts_with(type, "text/event-stream")) {
        co_return co_await relay_stream(answer, plan);
    }
    co_return co_await relay_whole(answer, plan);
}

void answer_relay::note_usage(std::optional<core::token_usage> usage) {
    if (usage) {
        record_.tokens_in = usage->input;
        record_.tokens_out = usage->generated();
        record_.tokens_cached = usage->cached;
        record_.tokens_reasoning = usage->reasoning;
    }
}

void answer_relay::note_repairs() {
    if (editor_) {
        record_.repairs |= editor_->made();
    }
}

/// Half of what there is: requests find room while answers wait for slow clients.
memory_share answer_relay::share_memory() const {
    auto const& shared = now_.shared;
    return {shared.load.buffered_bytes, shared.settings.limits.buffered_bytes / 2};
}

/// The head, which goes out now.
std::string answer_relay::begin_answer(core::response_plan& plan) {
    record_.first_byte =
        std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - record_.began);
    core::server_timing timing(record_.spent, *record_.first_byte);
    plan.timing = timing.text();
    auto head = core::build_response_head(plan);
    plan.timing = {};
    return head;
}

// ---------------------------------------------------------------------------------- whole answers

task<answer_relay::outcome> answer_relay::relay_whole(vertex_answer& answer,
                                                      core::response_plan plan) {
    auto const& head = answer.start.head;
    fiber_.expires_after(now_.shared.settings.upstream.idle_timeout_ms);
    auto memory = share_memory();
    auto body = co_await read_held(answer, memory);
    bool announced = head.framing == core::body_framing::length;
    if (!body.complete && !body.overflows) {
        problem_ = upstream_broke(fiber_, body.decoder);
        co_return outcome::refused;
    }
    if (body.overflows && editor_ && editor_->is_needed()) {
        problem_ = core::overloaded("There is no room to repair so long an answer "
                                    "(limits.buffered_bytes, limits.event_bytes).");
        co_return outcome::refused;
    }
    if (body.complete) {
        if (auto error = core::find_disguised_error(body.text, where_)) {
            problem_ = std::move(*error);
            co_return outcome::refused;
        }
        repair_whole(body.text);
        plan.length = body.text.size();
        auto told = editor_ ? editor_->counts() : std::nullopt;
        note_usage(told ? told : core::find_usage(body.text));
    } else if (announced) {
        plan.length = head.content_length;
    }
    auto repairs = record_.repairs.names();
    plan.repairs = repairs;
    needs_end_ = core::ends_with_connection(plan);
    bool chunked = !plan.length && plan.version >= 11;
    bool sent = send_held(begin_answer(plan), std::move(body.text), chunked);
    if (body.decoder.ends_exactly() && head.keep_alive) { // no matter how slow the client is
        now_.upstream->pool.release(std::move(answer.line));
    }
    bool good = sent && (!client_.has_backlog() || co_await client_.flush());
    if (!body.complete && good) {
        memory.hold(0);
        co_return co_await relay_long(answer, body.decoder, chunked);
    }
    co_return good ? outcome::delivered : outcome::broken;
}

/// Owns the text, which is gone on return: what the client did not take lies in the backlog alone.
bool answer_relay::send_held(std::string head, std::string text, bool chunked) {
    if (chunked) {
        text = core::frame_text(text, true);
    }
    std::array<std::string_view, 2> parts{head, text};
    return client_.send(parts);
}

/// One that is repaired must be seen whole. Where there is no room for it, it passes as it is.
task<answer_body> answer_relay::read_held(vertex_answer& answer, memory_share& memory) {
    timed reading(record_.spent.upstream);
    answer_room room{whole_bytes_max};
    if (editor_) {
        room.most = now_.shared.settings.limits.event_bytes;
        room.share = &memory;
    }
    auto body = co_await read_answer_body(fiber_, *answer.line, answer.start, room);
    co_return body;
}

void answer_relay::repair_whole(std::string& text) {
    if (!editor_) {
        return;
    }
    auto repaired = editor_->edit_whole(text);
    if (repaired.data() != text.data()) {
        text = repaired;
    }
    note_repairs();
}

/// The rest of an answer too long to hold, read by read.
task<answer_relay::outcome> answer_relay::relay_long(vertex_answer& answer,
                                                     core::body_decoder decoder, bool chunked) {
    auto& line = *answer.line;
    std::string tail; // where `usage` stands
    while (!decoder.complete()) {
        fiber_.expires_after(now_.shared.settings.upstream.idle_timeout_ms);
        auto got = line.read();
        while (got.status == io_status::again && fiber_.stopped() == cause::none) {
            co_await fiber_.sleep();
            got = line.read();
        }
        if (got.status == io_status::end) {
            decoder.end();
        }
        if (got.status != io_status::ok) {
            break;
        }
        std::string_view payload(got.bytes.data(), decoder.slide(got.bytes).payload);
        keep_tail(tail, payload);
        auto size_line = fmt::format("{:x}\r\n", payload.size());
        std::array<std::string_view, 3> parts{std::string_view(size_line), payload, "\r\n"};
        auto framed = chunked ? std::span<std::string_view const>(parts)
                              : std::span<std::string_view const>(parts).subspan(1, 1);
        bool wrote = payload.empty() || client_.send(framed);
        if (!wrote || (client_.has_backlog() && !co_await client_.flush())) {
            co_return outcome::broken;
        }
        if (decoder.failed()) {
            break;
        }
    }
    if (!decoder.complete()) {
        if (fiber_.stopped() != cause::client_gone) {
            problem_ = upstream_broke(fiber_, decoder);
        }
        client_.socket().abort();
        co_return outcome::broken;
    }
    note_usage(core::find_usage(tail));
    bool good = !chunked || client_.send(last_chunk);
    if (decoder.ends_exactly() && answer.start.head.keep_alive) {
        now_.upstream->pool.release(std::move(answer.line));
    }
    co_return good && (!client_.has_backlog() || co_await client_.flush()) ? outcome::delivered
                                                                           : outcome::broken;
}

} // namespace vertex_relay::io
