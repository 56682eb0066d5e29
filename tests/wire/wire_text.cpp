#include "wire/wire_text.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

namespace vertex_relay::tests {

namespace {

constexpr std::string_view id_stand_in = "req-0000000000000000";
constexpr std::string_view ms_stand_in = "0.0";
constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::size_t repeats_max = 1024 * 1024;

/// What stands between the braces, unless it is an id.
std::expected<std::string, std::string> expand_one(std::string_view inside,
                                                   wire_variables const& variables) {
    if (auto known = variables.find(inside); known != variables.end()) {
        return known->second;
    }
    if (inside.size() == 2 && inside.find_first_not_of(hex_digits) == inside.npos) {
        auto high = hex_digits.find(inside[0]);
        return std::string(1, static_cast<char>(high * 16 + hex_digits.find(inside[1])));
    }
    if (auto star = inside.rfind('*'); star != inside.npos) {
        auto times = core::ascii::parse_decimal(inside.substr(star + 1)).value_or(0);
        std::string out;
        for (std::size_t i = 0; i < times && times <= repeats_max; ++i) {
            out += inside.substr(0, star);
        }
        if (!out.empty()) {
            return out;
        }
    }
    return std::unexpected(fmt::format("{{{{{}}}}} means nothing", inside));
}

std::string_view stand_in(wire_opening what) {
    return what == wire_opening::id ? id_stand_in : ms_stand_in;
}

/// The bytes at the front of `came` that fill the opening; 0: none do.
std::size_t filling(wire_opening what, std::string_view came) {
    if (what == wire_opening::ms) {
        return time_bytes(came);
    }
    return is_request_id(came.substr(0, request_id_bytes)) ? request_id_bytes : 0;
}

std::optional<wire_opening> opening_named(std::string_view name) {
    return name == "id"   ? std::optional(wire_opening::id)
           : name == "ms" ? std::optional(wire_opening::ms)
                          : std::nullopt;
}

} // namespace

bool is_request_id(std::string_view text) {
    constexpr std::string_view prefix = "req-";
    return text.size() == request_id_bytes && text.starts_with(prefix) &&
           text.find_first_not_of(hex_digits, prefix.size()) == text.npos;
}

std::size_t time_bytes(std::string_view text) {
    auto point = text.find_first_not_of("0123456789");
    bool is_time = point != text.npos && point > 0 && text[point] == '.' &&
                   point + 1 < text.size() && core::ascii::is_digit(text[point + 1]);
    return is_time ? point + 2 : 0;
}

std::optional<std::size_t> wire_bytes::match(std::string_view came) const {
    std::size_t at = 0;
    std::string_view rest(text);
    for (auto const& one : openings) {
        auto settled = rest.substr(0, one.offset - (text.size() - rest.size()));
        if (!came.substr(at).starts_with(settled)) {
            return std::nullopt;
        }
        at += settled.size();
        auto filled = filling(one.what, came.substr(at));
        if (filled == 0) {
            return std::nullopt;
        }
        at += filled;
        rest.remove_prefix(settled.size() + stand_in(one.what).size());
    }
    return came.substr(at).starts_with(rest) ? std::optional(at + rest.size()) : std::nullopt;
}

std::expected<wire_bytes, std::string> expand(std::string_view markup,
                                              wire_variables const& variables) {
    wire_bytes out;
    while (true) {
        auto open = markup.find("{{");
        out.text += markup.substr(0, open);
        if (open == markup.npos) {
            return out;
        }
        auto close = markup.find("}}", open);
        if (close == markup.npos) {
            return std::unexpected(std::string("{{ without }}"));
        }
        auto inside = markup.substr(open + 2, close - open - 2);
        markup.remove_prefix(close + 2);
        if (auto open_to = opening_named(inside)) {
            out.openings.push_back({out.text.size(), *open_to});
            out.text += stand_in(*open_to);
            continue;
        }
        auto text = expand_one(inside, variables);
        if (!text) {
            return std::unexpected(text.error());
        }
        out.text += *text;
    }
}

} // namespace vertex_relay::tests
