#include "core/gemini/json_string.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace vertex_relay::core {

namespace {

constexpr std::uint32_t replacement_character = 0xFFFD;

bool is_high(std::uint32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low(std::uint32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

/// Without the quotes; nothing if there are none.
std::string_view inside(std::string_view quoted) {
    return quoted.size() < 2 ? std::string_view() : quoted.substr(1, quoted.size() - 2);
}

/// The four hexadecimal digits behind `\u` at the front of `text`; U+FFFD if there are none.
std::uint32_t code_unit(std::string_view text) {
    std::uint32_t unit = 0;
    if (text.size() < 6 || !text.starts_with("\\u")) {
        return replacement_character;
    }
    auto [end, error] = std::from_chars(text.data() + 2, text.data() + 6, unit, 16);
    return error == std::errc{} && end == text.data() + 6 ? unit : replacement_character;
}

void append_utf8(std::string& out, std::uint32_t c) {
    auto byte = [&](std::uint32_t bits) { out += static_cast<char>(bits); };
    if (c < 0x80) {
        byte(c);
    } else if (c < 0x800) {
        byte(0xC0 | c >> 6U);
        byte(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        byte(0xE0 | c >> 12U);
        byte(0x80 | (c >> 6U & 0x3F));
        byte(0x80 | (c & 0x3F));
    } else {
        byte(0xF0 | c >> 18U);
        byte(0x80 | (c >> 12U & 0x3F));
        byte(0x80 | (c >> 6U & 0x3F));
        byte(0x80 | (c & 0x3F));
    }
}

/// Takes the `\uXXXX` at the front, both halves of a surrogate pair; gives the bytes consumed.
std::size_t take_unicode(std::string& out, std::string_view text) {
    auto first = code_unit(text);
    auto second = is_high(first) ? code_unit(text.substr(std::min<std::size_t>(6, text.size())))
                                 : 0;
    if (is_low(second)) {
        append_utf8(out, 0x10000 + ((first - 0xD800) << 10U) + (second - 0xDC00));
        return 12;
    }
    append_utf8(out, is_high(first) || is_low(first) ? replacement_character : first);
    return std::min<std::size_t>(6, text.size());
}

/// Takes the escape at the front; gives the bytes consumed.
std::size_t take_escape(std::string& out, std::string_view text) {
    char c = text.size() > 1 ? text[1] : '\\';
    switch (c) {
    case 'u':
        return take_unicode(out, text);
    case 'b':
        out += '\b';
        break;
    case 'f':
        out += '\f';
        break;
    case 'n':
        out += '\n';
        break;
    case 'r':
        out += '\r';
        break;
    case 't':
        out += '\t';
        break;
    default:
        out += c;
    }
    return std::min<std::size_t>(2, text.size());
}

} // namespace

std::string unescape(std::string_view quoted) {
    auto rest = inside(quoted);
    std::string out;
    out.reserve(rest.size());
    while (!rest.empty()) {
        auto plain = rest.substr(0, rest.find('\\'));
        out += plain;
        rest.remove_prefix(plain.size());
        if (!rest.empty()) {
            rest.remove_prefix(take_escape(out, rest));
        }
    }
    return out;
}

bool unescapes_to(std::string_view quoted, std::string_view plain) {
    auto text = inside(quoted);
    // Nearly every question is about another key: its first letter tells. No escape is shorter than
    // what it stands for.
    bool other = text.size() < plain.size() ||
                 (!text.empty() && text.front() != '\\' && !plain.starts_with(text.front()));
    if (other) {
        return false;
    }
    bool escaped = text.find('\\') != text.npos;
    return escaped ? unescape(quoted) == plain : text == plain;
}

} // namespace vertex_relay::core
