#pragma once
// Where the tokens of a JSON document begin: every bracket, brace, colon and comma outside strings,
// every opening quote, the first byte of every other scalar. simdjson finds them in its first pass;
// a walk over the members of a document needs no more.
//
//     {"a":[1,"x"]}
//     ^^  ^^^^^  ^^

#include <simdjson.h>

#include <cstdint>
#include <span>
#include <string_view>

namespace vertex_relay::core {

using token_offsets = std::span<std::uint32_t const>;

/// Those of the document that `parser` parsed last, until it parses the next.
inline token_offsets tokens_of(simdjson::dom::parser const& parser) {
    auto const* pass = parser.implementation.get();
    return pass == nullptr ? token_offsets()
                           : token_offsets(pass->structural_indexes.get(),
                                           pass->n_structural_indexes);
}

/// The offset behind the last byte of the token at `tokens[index]`.
inline std::size_t token_end(std::string_view document, token_offsets tokens, std::size_t index) {
    std::size_t end = index + 1 < tokens.size() ? tokens[index + 1] : document.size();
    while (end > tokens[index] + 1 && static_cast<unsigned char>(document[end - 1]) <= ' ') {
        --end;
    }
    return end;
}

} // namespace vertex_relay::core
