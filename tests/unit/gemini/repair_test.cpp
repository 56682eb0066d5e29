#include "core/gemini/repair.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace vertex_relay::core;

TEST_CASE("each repair has one name and is found by it", "[gemini][repair]") {
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < repair_count; ++i) {
        auto one = static_cast<repair>(i);
        auto name = name_of(one);
        CHECK(!name.empty());
        CHECK(seen.insert(name).second);
        CHECK(find_repair(name) == one);
    }
    CHECK(repair_names().size() == repair_count);
    CHECK_FALSE(find_repair("role"));
    CHECK_FALSE(find_repair(""));
}

TEST_CASE("a set of repairs is written in the order of the table", "[gemini][repair]") {
    repair_set made;
    CHECK(made.empty());
    CHECK(made.names().empty());
    made.add(repair::schemas);
    made.add(repair::roles);
    made.add(repair::schemas);
    CHECK(made.names() == "roles,schemas");
    made.remove(repair::roles);
    CHECK(made.names() == "schemas");
    CHECK_FALSE(made.has(repair::roles));
    repair_set more;
    more.add(repair::missing_fields);
    made |= more;
    CHECK(made.names() == "schemas,missing_fields");
    CHECK(repair_set::all().has(repair::usage));
}
