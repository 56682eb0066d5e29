#include "core/http/event_relay.hpp"

#include <fmt/format.h>

namespace vertex_relay::core {

namespace {

failure stream_failure(std::string code, std::string message) {
    return {.status = 502,
            .type = "upstream_error",
            .code = std::move(code),
            .message = std::move(message)};
}

} // namespace

std::size_t event_relay::output::size() const {
    std::size_t bytes = 0;
    for (auto part : parts) {
        bytes += part.size();
    }
    return bytes;
}

event_relay::event_relay(response_head const& upstream, bool chunked_downstream,
                         std::size_t event_bytes_max, event_editor* editor)
    : body_(upstream.framing, upstream.content_length), chunked_downstream_(chunked_downstream),
      event_bytes_max_(event_bytes_max), editor_(editor) {}

event_relay::output event_relay::feed(std::span<char> wire) {
    std::string_view bytes(wire.data(), wire.size());
    bool fresh = editor_ == nullptr && held_.empty() && !flowing_ && chunked_downstream_ &&
                 body_.between_chunks() && scan_.at_boundary();
    if (fresh) {
        auto body = body_;
        auto scan = scan_;
        if (scan_verbatim(bytes)) {
            return {{bytes}};
        }
        body_ = body;
        scan_.rewind(scan);
    }
    auto slid = body_.slide(wire);
    auto payload = bytes.substr(0, slid.payload);
    if (body_.failed()) {
        broken_ = stream_failure("upstream_protocol_error",
                                 "Vertex AI sent a malformed chunk in the middle of the answer.");
    }
    return frame(payload);
}

/// True if all of the read can go out as it is. Otherwise the caller rewinds.
bool event_relay::scan_verbatim(std::string_view wire) {
    bool trails = false; // something comes behind the end
    body_.decode(wire, [&](std::string_view payload) {
        auto boundary = scan_.feed(payload);
        trails |= scan_.over() && boundary.value_or(0) < payload.size();
    });
    return body_.between_chunks() && scan_.at_boundary() && !scan_.foreign() && !trails;
}

event_relay::output event_relay::frame(std::string_view payload) {
    auto boundary = scan_.feed(payload);
    auto whole = payload.substr(0, boundary.value_or(0));
    auto rest = scan_.over() ? std::string_view() : payload.substr(whole.size());
    event_bytes_ = boundary ? rest.size() : event_bytes_ + rest.size();
    if (event_bytes_ > event_bytes_max_) {
        broken_ = stream_failure(
            "event_too_large",
            fmt::format("An event of the answer is longer than {} bytes (limits.event_bytes).",
                        event_bytes_max_));
        if (!boundary) {
            return {};
        }
        rest = {};
    }
    if (flowing_ && !boundary) {
        return emit({}, payload);
    }
    sending_.clear();
    if (boundary) {
        sending_.swap(held_);
        flowing_ = false;
    }
    held_ += rest;
    if (scan_.failed()) { // all is said: nothing that follows could be believed
        broken_ = stream_failure("upstream_error", "Vertex AI broke off the answer.");
    }
    if (!boundary && held_.size() > flow_bytes && !scan_.foreign() && editor_ == nullptr) {
        sending_.swap(held_);
        flowing_ = true;
        return emit(sending_, {});
    }
    return boundary ? emit_events(sending_, whole) : output{};
}

/// Whole events, of which the editor sees all in one piece. `held` is `sending_` or empty.
event_relay::output event_relay::emit_events(std::string_view held, std::string_view fresh) {
    if (editor_ == nullptr) {
        return emit(held, fresh);
    }
    if (held.empty()) {
        return emit({}, editor_->edit(fresh));
    }
    sending_ += fresh;
    return emit({}, editor_->edit(sending_));
}

event_relay::output event_relay::emit(std::string_view held, std::string_view fresh) {
    if (held.empty() && fresh.empty()) {
        return {};
    }
    if (!chunked_downstream_) {
        return {{held, fresh}};
    }
    auto end = fmt::format_to_n(size_line_.data(), size_line_.size(), "{:x}\r\n",
                                held.size() + fresh.size());
    return {{std::string_view(size_line_.data(), end.size), held, fresh, "\r\n"}};
}

event_relay::output event_relay::finish(bool orderly) {
    if (orderly) {
        body_.end();
    }
    if (!complete() && !broken_) {
        broken_ = stream_failure(
            "upstream_reset",
            "The connection to Vertex AI broke in the middle of the answer; what came so far is "
            "incomplete. Try again.");
    }
    if (scan_.foreign() || held_.empty() || broken_) {
        return {};
    }
    sending_.clear();
    sending_.swap(held_);
    if (scan_.event_complete()) {
        return emit_events(sending_, {}); // it ended in a CR, and no LF has come
    }
    // A last event whose blank line is missing: finish it for the client if it is whole.
    bool whole_line = sending_.ends_with('\n') || sending_.ends_with('\r');
    scan_.feed("\n\n");
    cut_ = !whole_line && !scan_.done();
    return cut_ ? output{} : emit_events(sending_, "\n\n");
}

std::string event_relay::done_event() const {
    constexpr std::string_view done = "data: [DONE]\n\n";
    return frame_text(editor_ == nullptr ? done : editor_->edit(done), chunked_downstream_);
}

bool event_relay::ended_well() const {
    return complete() && !broken_ && !scan_.foreign() && !flowing_ && !cut_ &&
           (scan_.done() || scan_.finishes() >= choices_);
}

std::string_view event_relay::foreign_text() const {
    if (!scan_.foreign()) {
        return {};
    }
    std::string_view held(held_);
    auto data = scan_.failed() ? held.find("data:") : held.npos;
    auto json = data == held.npos ? 0 : held.find('{', data);
    auto end = data == held.npos ? held.npos : held.find_first_of("\r\n", json);
    return held.substr(json, end - json);
}

std::string frame_text(std::string_view text, bool chunked) {
    return chunked ? fmt::format("{:x}\r\n{}\r\n", text.size(), text) : std::string(text);
}

} // namespace vertex_relay::core
