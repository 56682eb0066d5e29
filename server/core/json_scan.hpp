#pragma once
// Stepping over JSON that is already known to be valid.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace vertex_relay::core {

/// The high bit of every byte of `eight` that is `wanted`; exact up to the first of them.
constexpr std::uint64_t marks_of(std::uint64_t eight, char wanted) {
    constexpr std::uint64_t each = 0x0101010101010101;
    auto zero_there = eight ^ (each * static_cast<unsigned char>(wanted));
    return (zero_there - each) & ~zero_there & (each * 0x80);
}

/// As `string_end`, from anywhere inside the string. By memchr: an embedded image costs next to
/// nothing.
inline std::size_t long_string_end(std::string_view text, std::size_t from) {
    auto inside = from;
    while (true) {
        auto quote = text.find('"', from);
        if (quote == text.npos) {
            return text.size();
        }
        auto slash = quote;
        while (slash > inside && text[slash - 1] == '\\') {
            --slash;
        }
        from = quote + 1;
        if ((quote - slash) % 2 == 0) {
            return from;
        }
    }
}

struct string_scan {
    std::size_t end; ///< behind the closing quote; of the text, if it is never closed
    bool plain;      ///< true: no escape is in it; false: perhaps
};

/// The string that opens at `at`. Most are short and plain: eight bytes at a time will do for them.
inline string_scan scan_string(std::string_view text, std::size_t at) {
    constexpr std::size_t step = sizeof(std::uint64_t);
    static_assert(std::endian::native == std::endian::little, "the first byte is the lowest");
    for (auto from = at + 1; from + step <= text.size() && from < at + 4 * step; from += step) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, text.data() + from, step);
        auto quotes = marks_of(eight, '"');
        auto slashes = marks_of(eight, '\\');
        auto first = static_cast<std::size_t>(std::countr_zero(quotes | slashes)) / step;
        if (slashes != 0 && text[from + first] == '\\') {
            return {long_string_end(text, from + first), false};
        }
        if (quotes != 0) {
            return {from + first + 1, true};
        }
    }
    return {long_string_end(text, at + 1), false};
}

inline std::size_t string_end(std::string_view text, std::size_t at) {
    return scan_string(text, at).end;
}

constexpr bool is_json_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

} // namespace vertex_relay::core
