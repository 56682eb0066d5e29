#pragma once
// Where the members of a JSON object stand in its text.

#include "core/json_structure.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace vertex_relay::core {

/// Offsets into the document.
struct member_span {
    std::size_t key_offset; ///< of the opening quote
    std::size_t value_offset;
    std::size_t value_length;
};

/// The members of the object that a document is, in order, no more than `most`. The document must
/// be valid JSON and `tokens` its own.
std::vector<member_span> find_members(std::string_view document, token_offsets tokens,
                                      std::size_t most);

} // namespace vertex_relay::core
