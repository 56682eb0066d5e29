#pragma once
// What the origin writes into each event and the load client looks for. The content of a delta
// starts with
//
//   ~nnnnnnssssstttttttttttt      hexadecimal, fixed widths
//    |     |    +- 12 digits: CLOCK_MONOTONIC at sending, nanoseconds modulo 2^48
//    |     +------ 5 digits: number of the event in its stream, from 0
//    +------------ 6 digits: the request's nonce, echoed
//
// The same nonce stands in the request as `nonce=nnnnnn`, so that a crossed answer is noticed.

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vertex_relay::bench {

struct marker {
    static constexpr char sign = '~';
    static constexpr std::size_t size = 24;
    static constexpr std::uint64_t time_mask = (std::uint64_t{1} << 48U) - 1;

    std::uint32_t nonce = 0;
    std::uint32_t number = 0;
    std::uint64_t time_ns = 0; ///< modulo 2^48
};

/// Writes the `digits` last hexadecimal digits of `value` at `to`.
inline void put_hex(char* to, std::uint64_t value, unsigned digits) {
    static constexpr std::string_view alphabet = "0123456789abcdef";
    for (unsigned place = digits; place > 0; --place) {
        to[place - 1] = alphabet[value & 15U];
        value >>= 4U;
    }
}

/// Writes `value` over marker::size characters at `to`.
inline void put_marker(char* to, const marker& value) {
    *to = marker::sign;
    put_hex(to + 1, value.nonce, 6);
    put_hex(to + 7, value.number, 5);
    put_hex(to + 12, value.time_ns & marker::time_mask, 12);
}

template <class Number> bool read_hex(std::string_view digits, Number& value) {
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    return error == std::errc{} && end == digits.data() + digits.size();
}

/// The first marker in `text`; nothing when there is none or it is damaged.
inline std::optional<marker> find_marker(std::string_view text) {
    const std::size_t at = text.find(marker::sign);
    if (at == std::string_view::npos || text.size() - at < marker::size) {
        return std::nullopt;
    }
    marker found;
    const bool whole = read_hex(text.substr(at + 1, 6), found.nonce) &&
                       read_hex(text.substr(at + 7, 5), found.number) &&
                       read_hex(text.substr(at + 12, 12), found.time_ns);
    return whole ? std::optional(found) : std::nullopt;
}

} // namespace vertex_relay::bench
