#include "core/openai/json_members.hpp"

#include <algorithm>

namespace vertex_relay::core {

namespace {

/// The index of the token that ends the value at `tokens[index]`: itself, or its closing bracket.
std::size_t last_token(std::string_view document, token_offsets tokens, std::size_t index) {
    std::size_t depth = 0;
    for (; index < tokens.size(); ++index) {
        char c = document[tokens[index]];
        depth += c == '{' || c == '[' ? 1 : 0;
        depth -= depth > 0 && (c == '}' || c == ']') ? 1 : 0;
        if (depth == 0) {
            return index;
        }
    }
    return tokens.size() - 1;
}

} // namespace

/// Tokens of a member: key, colon, value, comma.
std::vector<member_span> find_members(std::string_view document, token_offsets tokens,
                                      std::size_t most) {
    std::vector<member_span> members;
    members.reserve(std::min({most, tokens.size() / 4 + 1, std::size_t{16}}));
    for (std::size_t at = 1; at + 2 < tokens.size() && members.size() < most;) {
        auto last = last_token(document, tokens, at + 2);
        auto begin = tokens[at + 2];
        members.push_back({tokens[at], begin, token_end(document, tokens, last) - begin});
        at = last + 2;
    }
    return members;
}

} // namespace vertex_relay::core
