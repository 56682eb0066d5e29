#include "core/egress/name_cache.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using namespace std::chrono_literals;
using cache = name_cache<int>;
using list = std::vector<int>;

TEST_CASE("an answer is fresh for a minute and good for ten", "[egress][name_cache]") {
    cache names({});
    CHECK(names.fresh("a:443", 0ms) == nullptr);
    CHECK(names.last_good("a:443", 0ms) == nullptr);
    names.keep("a:443", {1, 2}, 1000ms);
    REQUIRE(names.fresh("a:443", 60'999ms) != nullptr);
    CHECK(*names.fresh("a:443", 60'999ms) == list{1, 2});
    CHECK(names.fresh("a:443", 61'000ms) == nullptr);
    REQUIRE(names.last_good("a:443", 600'999ms) != nullptr);
    CHECK(*names.last_good("a:443", 600'999ms) == list{1, 2});
    CHECK(names.last_good("a:443", 601'000ms) == nullptr);
    CHECK(names.fresh("b:443", 1000ms) == nullptr);
}

TEST_CASE("a newer answer takes the place of the older", "[egress][name_cache]") {
    cache names({});
    names.keep("a", {1}, 0ms);
    names.keep("a", {2}, 300'000ms);
    CHECK(*names.fresh("a", 300'001ms) == list{2});
    CHECK(*names.last_good("a", 899'999ms) == list{2});
    CHECK(names.last_good("a", 900'000ms) == nullptr);
}

TEST_CASE("the cache is bounded and drops what is old", "[egress][name_cache]") {
    cache names({});
    auto fill = [&](int from, int count, std::chrono::milliseconds at) {
        for (int i = from; i < from + count; ++i) {
            names.keep(std::to_string(i), {i}, at);
        }
    };
    fill(0, 256, 0ms);
    names.keep("one too many", {1}, 59'999ms);
    CHECK(names.fresh("one too many", 59'999ms) == nullptr);
    names.keep("7", {70}, 59'999ms); // a known one always
    CHECK(*names.fresh("7", 59'999ms) == list{70});
    names.keep("one too many", {1}, 60'000ms);
    REQUIRE(names.fresh("one too many", 60'000ms) != nullptr);
    CHECK(names.fresh("7", 60'000ms) != nullptr);
    CHECK(names.last_good("8", 60'000ms) == nullptr);
}
