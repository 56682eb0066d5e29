#include "io/user_group.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

#include <grp.h>
#include <pwd.h>

#include <cstdio>
#include <memory>

namespace vertex_relay::io {

namespace {

constexpr std::size_t entry_bytes_max = 1024 * 1024; ///< a group with very many members

/// Calls a `get…_r` function with more and more room.
template <class Entry, class Lookup>
Entry* look_up(Entry& entry, std::vector<char>& space, Lookup lookup) {
    Entry* found = nullptr;
    for (space.resize(16 * 1024); space.size() <= entry_bytes_max; space.resize(2 * space.size())) {
        if (lookup(&entry, space.data(), space.size(), &found) != ERANGE) {
            break;
        }
    }
    return found;
}

void add_listed(group const& entry, std::vector<std::uint32_t>& members) {
    for (char** name = entry.gr_mem; *name != nullptr; ++name) {
        passwd user{};
        std::vector<char> space;
        auto const* found = look_up(user, space, [&](auto... room) {
            return ::getpwnam_r(*name, room...);
        });
        if (found != nullptr) {
            members.push_back(found->pw_uid);
        }
    }
}

void add_primary(std::uint32_t gid, std::vector<std::uint32_t>& members) {
    std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen("/etc/passwd", "re"), std::fclose);
    passwd user{};
    passwd* found = nullptr;
    std::vector<char> space(16 * 1024);
    while (file && ::fgetpwent_r(file.get(), &user, space.data(), space.size(), &found) == 0) {
        if (found->pw_gid == gid) {
            members.push_back(found->pw_uid);
        }
    }
}

} // namespace

std::expected<user_group, std::string> find_group(std::string const& name) {
    group entry{};
    std::vector<char> space;
    auto number = core::ascii::parse_decimal<std::uint32_t>(name);
    auto const* found = look_up(entry, space, [&](auto... room) {
        return number ? ::getgrgid_r(*number, room...) : ::getgrnam_r(name.c_str(), room...);
    });
    if (found == nullptr && !number) {
        return std::unexpected(fmt::format("this machine has no group '{}'", name));
    }
    user_group out{.gid = number ? *number : found->gr_gid, .members = {}};
    if (found != nullptr) {
        add_listed(*found, out.members);
    }
    add_primary(out.gid, out.members);
    return out;
}

} // namespace vertex_relay::io
