#pragma once
// The payload of a message body, whatever frames it: a length, chunks or the end of the connection.

#include "core/http/chunked.hpp"
#include "core/http/head.hpp"

#include <algorithm>
#include <cstring>
#include <span>

namespace vertex_relay::core {

class body_decoder {
public:
    body_decoder(body_framing framing, std::size_t content_length)
        : framing_(framing), remaining_(content_length) {}

    /// Calls `visit(payload)` for each span of payload in `wire`. Returns the bytes that belong to
    /// this body; what is behind them belongs to the next message.
    template <class Visit>
    std::size_t decode(std::string_view wire, Visit visit) {
        auto size = take(wire, visit);
        surplus_ = surplus_ || size < wire.size();
        return size;
    }

    struct slid {
        std::size_t payload;  ///< bytes of payload, now at the front
        std::size_t consumed; ///< bytes of `wire` that belonged to this body
    };
    /// Moves the payload in `wire` together at its front.
    slid slide(std::span<char> wire) {
        std::size_t size = 0;
        auto consumed = decode({wire.data(), wire.size()}, [&](std::string_view payload) {
            if (payload.data() != wire.data() + size) {
                std::memmove(wire.data() + size, payload.data(), payload.size());
            }
            size += payload.size();
        });
        return {size, consumed};
    }

    /// The connection ended: that completes a body that only its end can frame.
    void end() { ended_ = true; }

    bool complete() const {
        switch (framing_) {
        case body_framing::chunked: return chunks_.done();
        case body_framing::until_close: return ended_;
        default: return remaining_ == 0;
        }
    }
    bool failed() const { return chunks_.failed(); }
    /// Complete, and nothing came behind it. Bytes behind an answer answer nothing: its connection
    /// must not be used again.
    bool ends_exactly() const { return complete() && !surplus_; }
    /// Chunked, and nothing of an unfinished chunk has been taken.
    bool between_chunks() const {
        return framing_ == body_framing::chunked && chunks_.between_chunks();
    }

private:
    template <class Visit>
    std::size_t take(std::string_view wire, Visit& visit) {
        if (framing_ != body_framing::chunked) {
            bool bounded = framing_ != body_framing::until_close;
            auto size = bounded ? std::min(remaining_, wire.size()) : wire.size();
            remaining_ -= bounded ? size : 0;
            visit(wire.substr(0, size));
            return size;
        }
        std::size_t at = 0;
        while (at < wire.size() && !chunks_.done() && !chunks_.failed()) {
            auto step = chunks_.next(wire.substr(at));
            if (!step.payload.empty()) {
                visit(step.payload);
            }
            at += step.consumed;
        }
        return at;
    }

    body_framing framing_;
    std::size_t remaining_;
    chunked_decoder chunks_;
    bool ended_ = false;
    bool surplus_ = false;
};

} // namespace vertex_relay::core
