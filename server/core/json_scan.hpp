#pragma once
// Stepping over JSON that is already known to be valid.

#include <cstddef>
#include <string_view>

namespace vertex_relay::core {

/// The offset behind the closing quote of the string that opens at `at`; the end of the text if it
/// is never closed. The inside is crossed by memchr: an embedded image costs next to nothing.
inline std::size_t string_end(std::string_view text, std::size_t at) {
    for (auto from = at + 1;;) {
        auto quote = text.find('"', from);
        if (quote == text.npos) {
            return text.size();
        }
        auto slash = quote;
        while (slash > from && text[slash - 1] == '\\') {
            --slash;
        }
        from = quote + 1;
        if ((quote - slash) % 2 == 0) {
            return from;
        }
    }
}

constexpr bool is_json_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

} // namespace vertex_relay::core
