#pragma once
// Writing JSON by hand: strings quoted and escaped (RFC 8259 section 7), the rest is literal.

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace vertex_relay::core {

/// Bytes of the UTF-8 character at the front of `text` (RFC 3629 section 4: no overlong form, no
/// surrogate, nothing above U+10FFFF); 0 if there is none.
constexpr std::size_t utf8_size(std::string_view text) {
    auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    auto first = at(0);
    if (first < 0x80) {
        return 1;
    }
    std::size_t size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (first < 0xc2 || first > 0xf4 || size > text.size()) {
        return 0;
    }
    for (std::size_t i = 1; i < size; ++i) {
        if ((at(i) & 0xc0) != 0x80) {
            return 0;
        }
    }
    bool refused = (first == 0xe0 && at(1) < 0xa0) || (first == 0xed && at(1) > 0x9f) ||
                   (first == 0xf0 && at(1) < 0x90) || (first == 0xf4 && at(1) > 0x8f);
    return refused ? 0 : size;
}

/// Bytes that are not UTF-8 (an echo of a client's bytes, a name cut inside a character) become
/// U+FFFD: one of them would make the whole document unreadable.
inline void append_json_string(std::string& out, std::string_view text) {
    auto needs_care = [](char c) { return c < 0x20 || c >= 0x7f || c == '"' || c == '\\'; };
    out += '"';
    while (!text.empty()) {
        auto care = std::ranges::find_if(text, needs_care);
        out.append(text.begin(), care);
        text.remove_prefix(static_cast<std::size_t>(care - text.begin()));
        if (text.empty()) {
            break;
        }
        char c = text.front();
        if (static_cast<unsigned char>(c) >= 0x80) {
            auto size = utf8_size(text);
            out += size > 0 ? text.substr(0, size) : "\xef\xbf\xbd";
            text.remove_prefix(std::max<std::size_t>(size, 1));
            continue;
        }
        text.remove_prefix(1);
        switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            if (c < 0x20 || c == 0x7f) {
                out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
            } else {
                out += c;
            }
        }
    }
    out += '"';
}

inline std::string json_string(std::string_view text) {
    std::string out;
    out.reserve(text.size() + 2);
    append_json_string(out, text);
    return out;
}

} // namespace vertex_relay::core
