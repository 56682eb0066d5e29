#include "core/egress/connect_race.hpp"

#include <catch2/catch.hpp>

using vertex_relay::core::connect_race;
using std::chrono::milliseconds;

namespace {

/// The order in which addresses are tried when each fails at once.
std::vector<std::size_t> order(std::vector<bool> const& is_v6) {
    connect_race race(is_v6);
    std::vector<std::size_t> tried;
    while (auto next = race.start(milliseconds(0))) {
        tried.push_back(*next);
        race.failed();
    }
    CHECK(race.lost());
    return tried;
}

} // namespace

TEST_CASE("the families take turns, the resolver's first choice first", "[egress][connect_race]") {
    using indices = std::vector<std::size_t>;
    CHECK(order({}).empty());
    CHECK(order({false}) == indices{0});
    CHECK(order({false, false, false}) == indices{0, 1, 2});
    CHECK(order({true, true, false, false}) == indices{0, 2, 1, 3});
    CHECK(order({false, false, true, true}) == indices{0, 2, 1, 3});
    CHECK(order({true, true, true, false}) == indices{0, 3, 1, 2});
    CHECK(order({false, true, true, true}) == indices{0, 1, 2, 3});
}

TEST_CASE("a silent address gets 250 ms before the next one", "[egress][connect_race]") {
    connect_race race({true, false, false});
    CHECK(race.start(milliseconds(1000)) == 0U);
    CHECK_FALSE(race.start(milliseconds(1000)));
    CHECK(race.next_start() == milliseconds(1250));
    CHECK_FALSE(race.start(milliseconds(1249)));
    CHECK(race.start(milliseconds(1250)) == 1U);
    CHECK(race.start(milliseconds(1600)) == 2U); // late: counted from when it was really started
    CHECK_FALSE(race.next_start());
    CHECK_FALSE(race.start(milliseconds(9999)));
    CHECK_FALSE(race.lost());
}

TEST_CASE("a failure lets the next one start at once", "[egress][connect_race]") {
    connect_race race({true, false, false});
    CHECK(race.start(milliseconds(0)) == 0U);
    race.failed();
    CHECK(race.start(milliseconds(1)) == 1U);
    CHECK_FALSE(race.start(milliseconds(2)));
    CHECK(race.next_start() == milliseconds(251));
    CHECK_FALSE(race.lost());
    CHECK(race.start(milliseconds(251)) == 2U);
    race.failed();
    CHECK_FALSE(race.lost()); // one is still under way
    race.failed();
    CHECK(race.lost());
}

TEST_CASE("without an address nothing is won", "[egress][connect_race]") {
    connect_race race({});
    CHECK(race.lost());
    CHECK_FALSE(race.next_start());
}
