#pragma once
// Route tables for tests, from the text of a configuration.

#include "core/vertex/route_table.hpp"
#include "unit/config/loading.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>

namespace vertex_relay::core::test {

/// Two models, one of them past its date in 2026.
inline constexpr std::string_view small_catalogue = R"(
[[model]]
id = "google/gemini-3.5-flash"
locations = ["global"]
[[model]]
id = "google/gemini-2.0-flash"
retires = 2026-06-01
)";

inline catalogue parse_catalogue(std::string_view toml) {
    auto parsed = catalogue::parse(toml);
    REQUIRE(parsed);
    return std::move(*parsed);
}

/// `toml` is a whole configuration; project `p`, location `global` unless it says otherwise.
inline route_table make_routes(std::string toml = {}, deployment where = {"p", "global", ""},
                               std::string_view models = small_catalogue) {
    auto loaded = load(one_file(std::move(toml)));
    REQUIRE(loaded);
    return route_table(loaded->config, std::move(where), parse_catalogue(models));
}

inline target resolved(route_table const& routes, std::optional<std::string> const& name) {
    auto where = routes.resolve(name);
    CAPTURE(name.value_or("(none)"));
    REQUIRE(where);
    return std::move(*where);
}

inline failure unresolved(route_table const& routes, std::optional<std::string> const& name) {
    auto where = routes.resolve(name);
    CAPTURE(name.value_or("(none)"));
    REQUIRE_FALSE(where);
    return std::move(where.error());
}

} // namespace vertex_relay::core::test
