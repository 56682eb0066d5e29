#pragma once
// Decides which bytes of an upstream event stream go to the client now, in whole events, so that
// a failure can always be said in-band.
//
// A read that begins and ends on a chunk and an event boundary is forwarded verbatim, framing
// included. Otherwise its payload is slid together in place and re-framed; the unfinished tail is
// held back:
//
//     read   | 1a\r\n data:…\n\n \r\n  9\r\n data: {"c" |            (cut inside a chunk)
//     out      1a\r\n data:…\n\n \r\n                                  whole events, one chunk
//     held                                   data: {"c"
//
// An event longer than `flow_bytes` that shows no end is let through as it arrives; a failure
// inside it can only be told by breaking the connection.
//
// What follows `data: [DONE]` is dropped: clients no longer read there.
//
// Where events are edited, every read is re-framed and every event held to its end.

#include "core/failure.hpp"
#include "core/http/body_decoder.hpp"
#include "core/http/event_scan.hpp"

#include <array>
#include <span>

namespace vertex_relay::core {

/// Changes whole events on their way to the client.
class event_editor {
public:
    virtual ~event_editor() = default;
    /// Returns `events` themselves or what to send instead; valid until the next call.
    virtual std::string_view edit(std::string_view events) = 0;
};

class event_relay {
public:
    static constexpr std::size_t flow_bytes = 256 * 1024;

    /// What to write downstream, in order. Views into the bytes fed or into this object; valid
    /// until the next `feed`.
    struct output {
        std::array<std::string_view, 4> parts{};
        std::size_t size() const;
    };

    /// `editor` must outlive this; null: events go out as they came.
    event_relay(response_head const& upstream, bool chunked_downstream,
                std::size_t event_bytes_max, event_editor* editor = nullptr);

    /// Takes the bytes of one read; they may be moved around in place.
    output feed(std::span<char> wire);

    /// The last output has been taken: gives back the memory of what stood in it.
    void rest() { std::string().swap(sending_); }
    /// Bytes of an unfinished event kept beyond `flow_bytes`: only one that is edited comes so far.
    std::size_t held() const { return held_.size() > flow_bytes ? held_.size() : 0; }

    /// The upstream body is complete by its own framing.
    bool complete() const { return body_.complete(); }
    /// Complete, and nothing came behind it: the connection may be used again.
    bool ends_exactly() const { return body_.ends_exactly(); }
    /// The body can go no further: bad chunking, an event above the limit, an error out of band.
    std::optional<failure> const& broken() const { return broken_; }
    /// JSON that came instead of an event or as an event's error, to be read as Google's error once
    /// the stream ends.
    std::string_view foreign_text() const;
    /// So many choices must finish before an end without `data: [DONE]` is a good one; else 1.
    void expect_choices(std::size_t count) { choices_ = count; }
    /// Nothing of an unfinished event has been sent: an event of ours may follow.
    bool may_insert() const { return !flowing_; }

    /// Nothing more comes: the body is complete or its connection has ended (`orderly`: by the
    /// peer's own close). What is held back and still forms an event is returned; whether the
    /// stream ended as a stream should is `ended_well()`.
    output finish(bool orderly);
    bool ended_well() const;
    /// The stream ended well but never said `data: [DONE]`; clients wait for it.
    bool lacks_done() const { return !scan_.done(); }
    /// The `data: [DONE]` that the stream lacks, framed, with what the editor owes in front of it.
    std::string done_event() const;
    std::optional<token_usage> usage() const { return scan_.usage(); }

private:
    bool scan_verbatim(std::string_view wire);
    output frame(std::string_view payload);
    output emit_events(std::string_view held, std::string_view fresh);
    output emit(std::string_view held, std::string_view fresh);

    body_decoder body_;
    bool chunked_downstream_;
    std::size_t event_bytes_max_;
    event_editor* editor_;
    event_scan scan_;
    std::string held_;    ///< unfinished event, not sent
    std::string sending_; ///< what was held and is part of the last output
    std::size_t event_bytes_ = 0; ///< of the unfinished event, sent or held
    std::array<char, 20> size_line_{};
    std::optional<failure> broken_;
    std::size_t choices_ = 1;
    bool flowing_ = false;
    bool cut_ = false;     ///< the body ended inside a line
};

/// Frames one piece of text as a chunk, or leaves it as it is for an HTTP/1.0 client.
std::string frame_text(std::string_view text, bool chunked);

} // namespace vertex_relay::core
