#pragma once
// Patterns of aliases, and the search for names that come near.

#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::core {

/// `*` stands for any characters, also none.
bool matches_pattern(std::string_view pattern, std::string_view text);

/// At most `count` of `known` that a typist may have meant by `name`, nearest first.
std::vector<std::string> near_names(std::string_view name, std::vector<std::string> const& known,
                                    std::size_t count);

} // namespace vertex_relay::core
