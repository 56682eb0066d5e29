#include "core/gemini/tool_names.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <random>
#include <set>
#include <vector>

using namespace vertex_relay::core;

namespace {

tool_names of(std::vector<std::string> const& names) { return tool_names(names); }

} // namespace

TEST_CASE("names that Vertex takes stay", "[gemini][names]") {
    auto names = of({"get_weather", "_a.b-C9", std::string(64, 'x')});
    CHECK(names.empty());
    CHECK(names.to_vertex("get_weather") == "get_weather");
    CHECK(names.to_client("get_weather") == "get_weather");
    CHECK(names.to_client("never seen") == "never seen");
}

TEST_CASE("other names are mapped there and back", "[gemini][names]") {
    std::vector<std::string> given{"mcp:server/tool", "9lives", "", "größe messen",
                                   "\xe5\xa4\xa9\xe6\xb0\x97", std::string(80, 'x'), "a b", "a/b",
                                   "$", "-x"};
    auto names = of(given);
    std::set<std::string> seen;
    for (auto const& name : given) {
        std::string mapped(names.to_vertex(name));
        INFO(name << " -> " << mapped);
        CHECK(is_tool_name(mapped));
        CHECK(seen.insert(mapped).second);
        CHECK(names.to_client(mapped) == name);
    }
    CHECK(std::string(names.to_vertex("mcp:server/tool")).starts_with("mcp_server_tool_"));
    CHECK(std::string(names.to_vertex("9lives")).starts_with("_9lives_"));
}

TEST_CASE("a name is mapped the same whatever stands beside it", "[gemini][names]") {
    std::string alone(of({"a b"}).to_vertex("a b"));
    CHECK(of({"z", "a/b", "a b", "a b"}).to_vertex("a b") == alone);
    CHECK(alone == "a_b_10a3f9f2");
}

TEST_CASE("a mapped name never takes the place of another", "[gemini][names]") {
    std::string alone(of({"a b"}).to_vertex("a b"));
    auto names = of({"a b", alone});
    std::string mapped(names.to_vertex("a b"));
    CHECK(mapped != alone);
    CHECK(names.to_vertex(alone) == alone);
    CHECK(names.to_client(alone) == alone);
    CHECK(names.to_client(mapped) == "a b");
}

TEST_CASE("random names come back", "[gemini][names]") {
    std::mt19937 random(3);
    for (int round = 0; round < 300; ++round) {
        std::vector<std::string> given(1 + random() % 40);
        for (auto& name : given) {
            for (auto size = random() % 90; size > 0; --size) {
                name += "ab_.-/: 9\xc3\xa9"[random() % 11];
            }
        }
        auto names = of(given);
        std::set<std::string_view> mapped;
        for (auto const& name : std::set<std::string>(given.begin(), given.end())) {
            auto there = names.to_vertex(name);
            REQUIRE(is_tool_name(there));
            REQUIRE(mapped.insert(there).second);
            REQUIRE(names.to_client(there) == name);
        }
    }
}
