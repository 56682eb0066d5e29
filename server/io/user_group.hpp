#pragma once
// Groups of this machine, for `access.allow_group`. Reads the system's databases: may take a while
// where they are on the network, so only before a configuration is put to use.

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

namespace vertex_relay::io {

struct user_group {
    std::uint32_t gid = 0;
    std::vector<std::uint32_t> members; ///< uids: listed ones, and whose primary group it is
};

/// By name or number. A primary group counts for users in /etc/passwd; a number without a group has
/// no members that are known. The error is a sentence.
std::expected<user_group, std::string> find_group(std::string const& name);

} // namespace vertex_relay::io
