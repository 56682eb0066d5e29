#pragma once
// The body of a request as it is framed, read apart from the decoder under test (RFC 9112 section
// 7.1). Extensions and trailers are bounded as the relay bounds them.

#include "wire/storm_head.hpp"

#include <string>
#include <string_view>

namespace vertex_relay::tests {

struct storm_payload {
    enum class verdict : unsigned char { whole, bad, cut } what;
    std::string text = {};
    std::size_t size = 0; ///< on the wire, when whole
};

/// `rest` is what stands behind the head. A line that is not there yet makes it `cut`, whatever it
/// may become.
storm_payload read_storm_payload(storm_head const& head, std::string_view rest);

} // namespace vertex_relay::tests
