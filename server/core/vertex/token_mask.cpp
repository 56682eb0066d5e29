#include "core/vertex/token_mask.hpp"

#include "core/ascii.hpp"

#include <algorithm>

namespace vertex_relay::core {

namespace {

constexpr std::size_t token_bytes_min = 20; // no word of a sentence is as long

bool is_token_char(char c) {
    return ascii::is_alnum(c) || c == '-' || c == '_' || c == '.' || c == '~' || c == '+';
}

bool follows_bearer(std::string_view text) {
    constexpr std::string_view scheme = "bearer ";
    return text.size() >= scheme.size() &&
           ascii::iequals(text.substr(text.size() - scheme.size()), scheme);
}

bool is_token(std::string_view word, std::string_view before) {
    return word.size() >= token_bytes_min && (word.find("ya29.") != word.npos ||
                                              word.starts_with("eyJ") || follows_bearer(before));
}

} // namespace

std::string mask_tokens(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        auto end = std::ranges::find_if_not(text, is_token_char);
        auto word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
        out += is_token(word, out) ? "TOKEN" : word;
        text.remove_prefix(word.size());
        if (!text.empty()) {
            out += text.front();
            text.remove_prefix(1);
        }
    }
    return out;
}

} // namespace vertex_relay::core
