#pragma once
// Names of functions, there and back. Vertex takes `[A-Za-z_][A-Za-z0-9_.-]{0,63}` (litellm issue
// 16635); clients send `mcp:server/tool`, names of 80 characters, names in any script.

#include <map>
#include <span>
#include <string>
#include <string_view>

namespace vertex_relay::core {

bool is_tool_name(std::string_view name);

/// The names of one request. A name that Vertex takes stays; another keeps its sound characters and
/// gets a hash of itself behind them: the same in every request, whatever other tools there are,
/// unless that very name is taken.
class tool_names {
public:
    tool_names() = default;
    /// Every name the request uses, in any order, repeated or not: of tools, of calls in the
    /// history, of the chosen tool.
    explicit tool_names(std::span<std::string const> names);

    /// Whether all names stay.
    bool empty() const { return to_vertex_.empty(); }
    /// A name the constructor did not see, or one that stays, comes back as it is.
    std::string_view to_vertex(std::string_view name) const;
    std::string_view to_client(std::string_view name) const;

private:
    std::map<std::string, std::string, std::less<>> to_vertex_;
    std::map<std::string, std::string, std::less<>> to_client_;
};

} // namespace vertex_relay::core
