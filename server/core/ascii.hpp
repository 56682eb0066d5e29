#pragma once
// Locale-free text helpers for protocol bytes.

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace vertex_relay::core::ascii {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_alnum(char c) { return is_digit(c) || is_alpha(c); }
/// A character of a token, such as a field name (RFC 9110 section 5.6.2).
constexpr bool is_token(char c) {
    return is_alnum(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

inline bool iequals(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) {
        return false;
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] != b[i] && lower(a[i]) != lower(b[i])) {
            return false;
        }
    }
    return true;
}

inline bool istarts_with(std::string_view text, std::string_view prefix) {
    return text.size() >= prefix.size() && iequals(text.substr(0, prefix.size()), prefix);
}

inline std::string to_lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), lower);
    return out;
}

/// Strips OWS: spaces and tabs (RFC 9110 section 5.6.3).
inline std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
        text.remove_prefix(1);
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
        text.remove_suffix(1);
    }
    return text;
}

/// Decimal digits only, no sign, no blanks; nullopt on anything else or on overflow.
template <class Integer = std::size_t>
std::optional<Integer> parse_decimal(std::string_view text) {
    Integer value{};
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    bool whole = end == text.data() + text.size() && !text.empty() && is_digit(text.front());
    return error == std::errc{} && whole ? std::optional(value) : std::nullopt;
}

/// Calls `visit(item)` for every non-empty member of a comma-separated list.
template <class Visit>
void for_each_item(std::string_view list, Visit visit) {
    while (!list.empty()) {
        auto comma = list.find(',');
        auto item = trim(list.substr(0, comma));
        if (!item.empty()) {
            visit(item);
        }
        list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    }
}

} // namespace vertex_relay::core::ascii
