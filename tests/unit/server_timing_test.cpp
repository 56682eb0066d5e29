#include "core/server_timing.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using std::chrono::microseconds;

TEST_CASE("what is not spent elsewhere was the relay's own", "[timing]") {
    time_spent spent{.token = microseconds(1'250),
                     .connect = microseconds(31'500),
                     .upstream = microseconds(420'000)};
    CHECK(server_timing(spent, microseconds(453'000)).text() ==
          "relay;dur=0.2, token;dur=1.2, connect;dur=31.5, upstream;dur=420.0");
    spent.pause = microseconds(1'000'000);
    CHECK(server_timing(spent, microseconds(1'453'000)).text() ==
          "relay;dur=0.2, token;dur=1.2, connect;dur=31.5, upstream;dur=420.0, pause;dur=1000.0");
}

TEST_CASE("no time is negative and none is cut short", "[timing]") {
    auto longest = microseconds(86'400'000'000'000);
    time_spent spent{longest, longest, longest, longest};
    auto timing = server_timing(spent, microseconds(1));
    CHECK(timing.text().starts_with("relay;dur=0.0, token;dur=86400000000.0, "));
    CHECK(timing.text().ends_with("pause;dur=86400000000.0"));
}
