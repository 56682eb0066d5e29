#pragma once
// By what a tool call is known again: its id, or its function and arguments, which clients read and
// write anew. Stable over builds, since the hashes outlive the process in a file.

#include <cstdint>
#include <string_view>

namespace vertex_relay::core {

/// 0 for none.
std::uint64_t hash_of_id(std::string_view id);

/// Never 0. Arguments count as the values they are: blanks, the order of members, ways to write a
/// character or a number make no difference, and none at all are an empty object.
std::uint64_t hash_of_call(std::string_view name, std::string_view arguments);

} // namespace vertex_relay::core
