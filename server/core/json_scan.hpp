#pragma once
// Stepping over JSON that is already known to be valid.

#include "core/eight_bytes.hpp"

namespace vertex_relay::core {

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
    constexpr std::size_t step = 8;
    for (auto from = at + 1; from + step <= text.size() && from < at + 4 * step; from += step) {
        auto eight = load_eight(text, from);
        auto quotes = marks_of(eight, '"');
        auto slashes = marks_of(eight, '\\');
        auto first = first_of(quotes | slashes);
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
