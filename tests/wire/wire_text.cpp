#include "wire/wire_text.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

namespace vertex_relay::tests {

namespace {

constexpr std::string_view id_stand_in = "req-0000000000000000";
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

} // namespace

bool is_request_id(std::string_view text) {
    constexpr std::string_view prefix = "req-";
    return text.size() == request_id_bytes && text.starts_with(prefix) &&
           text.find_first_not_of(hex_digits, prefix.size()) == text.npos;
}

bool wire_bytes::matches(std::string_view came) const {
    if (came.size() != text.size()) {
        return false;
    }
    std::string seen(came);
    for (auto at : ids) {
        if (!is_request_id(came.substr(at, request_id_bytes))) {
            return false;
        }
        seen.replace(at, request_id_bytes, id_stand_in);
    }
    return seen == text;
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
        if (inside == "id") {
            out.ids.push_back(out.text.size());
            out.text += id_stand_in;
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
