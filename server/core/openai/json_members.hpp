#pragma once
// Where the members of a JSON object stand in its text.

#include <cstddef>
#include <string_view>
#include <vector>

namespace vertex_relay::core {

/// Offsets into the document.
struct member_span {
    std::size_t key_offset; ///< of the opening quote
    std::size_t key_length; ///< with both quotes, escapes as written
    std::size_t value_offset;
    std::size_t value_length;
};

/// The members of the object that starts at `offset`, in order, no more than `most`. The document
/// must already be known to be valid JSON; on anything else the result is meaningless but within
/// bounds.
std::vector<member_span> find_members(std::string_view document, std::size_t offset,
                                      std::size_t most);

} // namespace vertex_relay::core
