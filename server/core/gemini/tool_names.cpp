#include "core/gemini/tool_names.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <set>

namespace vertex_relay::core {

namespace {

constexpr std::size_t name_max = 64;
constexpr std::size_t stem_max = name_max - 9; // "_" and eight digits

bool may_start(char c) { return ascii::is_alpha(c) || c == '_'; }
bool may_follow(char c) { return ascii::is_alnum(c) || c == '_' || c == '.' || c == '-'; }

/// FNV-1a over the round and the name: not for security, the same everywhere.
std::uint32_t hash(std::string_view name, std::uint32_t round) {
    std::uint32_t value = 2166136261U ^ round;
    for (char c : name) {
        value = (value ^ static_cast<unsigned char>(c)) * 16777619U;
    }
    return value;
}

/// The sound part of a name: a run of other characters becomes one underscore.
std::string stem_of(std::string_view name) {
    std::string out;
    for (char c : name) {
        if (may_follow(c)) {
            out += c;
        } else if (!out.ends_with('_')) {
            out += '_';
        }
    }
    if (out.empty() || !may_start(out.front())) {
        out.insert(out.begin(), '_');
    }
    out.resize(std::min(out.size(), stem_max));
    return out;
}

} // namespace

bool is_tool_name(std::string_view name) {
    return !name.empty() && name.size() <= name_max && may_start(name.front()) &&
           std::ranges::all_of(name, may_follow);
}

tool_names::tool_names(std::span<std::string const> names) {
    std::set<std::string_view> taken;
    std::set<std::string_view> others;
    for (auto const& name : names) {
        (is_tool_name(name) ? taken : others).insert(name);
    }
    for (auto name : others) {
        auto stem = stem_of(name);
        std::string mapped;
        for (std::uint32_t round = 0; mapped.empty() || taken.contains(mapped); ++round) {
            mapped = fmt::format("{}_{:08x}", stem, hash(name, round));
        }
        auto [entry, added] = to_vertex_.emplace(name, std::move(mapped));
        taken.insert(entry->second);
        to_client_.emplace(entry->second, name);
    }
}

std::string_view tool_names::to_vertex(std::string_view name) const {
    auto found = to_vertex_.find(name);
    return found == to_vertex_.end() ? name : std::string_view(found->second);
}

std::string_view tool_names::to_client(std::string_view name) const {
    auto found = to_client_.find(name);
    return found == to_client_.end() ? name : std::string_view(found->second);
}

} // namespace vertex_relay::core
