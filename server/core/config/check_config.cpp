#include "core/config/check_config.hpp"

#include "core/config/aliases.hpp"
#include "core/config/plain_value.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vertex_relay::core {

namespace {

struct line {
    std::string text;    ///< `key = value`, or a heading
    std::string comment; ///< empty: none
};

constexpr std::size_t widest_aligned = 60; // one long list should not push every comment away

/// Where the value came from, and what an empty one stands for.
std::string comment_for(setting const& row, loaded_config const& loaded) {
    std::string comment(loaded.origin(row.key));
    auto value = to_toml(row, loaded.config);
    if ((value == "\"\"" || value == "[]") && !row.when_empty.empty()) {
        comment += fmt::format(": {}", row.when_empty);
    }
    return comment;
}

std::vector<line> lines_of(loaded_config const& loaded) {
    std::vector<line> lines;
    std::string_view section;
    for (auto const& row : settings()) {
        auto name = row.key;
        if (auto here = section_of(row.key); !here.empty()) {
            if (here != section) {
                section = here;
                lines.push_back({"", ""});
                lines.push_back({fmt::format("[{}]", section), ""});
            }
            name.remove_prefix(section.size() + 1);
        }
        lines.push_back({fmt::format("{} = {}", name, to_toml(row, loaded.config)),
                         comment_for(row, loaded)});
    }
    if (!loaded.config.models.empty()) {
        lines.push_back({"", ""});
        lines.push_back({"[models]", ""});
    }
    for (auto const& route : loaded.config.models) {
        lines.push_back({fmt::format("{} = {}", toml_string(route.name), route_to_toml(route)),
                         std::string(loaded.origin("models." + route.name))});
    }
    return lines;
}

} // namespace

std::string check_config(loaded_config const& loaded) {
    auto lines = lines_of(loaded);
    std::size_t width = 0;
    for (auto const& each : lines) {
        if (each.text.size() <= widest_aligned) {
            width = std::max(width, each.text.size());
        }
    }
    std::string out;
    for (auto const& [text, comment] : lines) {
        out += comment.empty() ? text : fmt::format("{:<{}}  # {}", text, width, comment);
        out += '\n';
    }
    return out;
}

} // namespace vertex_relay::core
