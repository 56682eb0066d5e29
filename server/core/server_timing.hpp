#pragma once
// `Server-Timing` (W3C Server Timing): where the time went until an answer began, for browsers'
// tools and for curl.

#include "core/exchange_record.hpp"

#include <array>

namespace vertex_relay::core {

/// `relay;dur=0.2, token;dur=0.0, connect;dur=31.5, upstream;dur=420.7` in milliseconds, and
/// `pause;dur=…` between attempts if there was any. Needs no memory of its own.
class server_timing {
public:
    /// `until_now` is the time since the request's head.
    server_timing(time_spent const& spent, std::chrono::microseconds until_now);
    std::string_view text() const { return {text_.data(), size_}; }

private:
    void append(std::string_view text);
    void append(std::string_view name, std::chrono::microseconds span);

    std::array<char, 160> text_;
    std::size_t size_ = 0;
};

} // namespace vertex_relay::core
