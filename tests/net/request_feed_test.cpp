// `GET /requests`: whoever follows hears of each exchange that ends, and costs the others nothing.

#include "net/echo_rig.hpp"
#include "net/relay_rig.hpp"
#include "net/relay_shape.hpp"
#include "unit/http/wire.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;

constexpr std::string_view begun = "application/x-ndjson";

} // namespace

TEST_CASE("a follower hears of each exchange until the relay stops", "[relay][feed]") {
    relay_rig rig;
    auto follower = rig.connect();
    REQUIRE(follower.send(get("/requests")));
    REQUIRE(follower.wait_for(begun));
    CHECK(rig.ask(get("/livez")).status == 200); // a probe is nothing to tell
    CHECK(rig.ask(get("/v1/models")).status == 200);
    REQUIRE(follower.wait_for(R"("route":"/v1/models")"));
    CHECK(rig.ask(get("/nothing")).status == 404);
    REQUIRE(follower.wait_for(R"("cause":"not_found")"));

    std::atomic<bool> gone = false;
    rig.drain(gone);
    auto all = follower.read();
    CHECK(all.complete); // an end in order
    CHECK(std::ranges::count(all.body, '\n') == 2);
    CHECK(follower.wait_for_end() == ending::closed);
    CHECK(eventually([&] { return gone.load(); }));
}

TEST_CASE("a follower that leaves is forgotten", "[relay][feed]") {
    relay_rig rig;
    {
        auto follower = rig.connect();
        REQUIRE(follower.send(get("/requests")));
        REQUIRE(follower.wait_for(begun));
    }
    CHECK(eventually([&] { return !rig.load.followers.any(); }));
    CHECK(rig.ask(get("/livez")).status == 200);
    CHECK(rig.settles());
}

TEST_CASE("a follower that does not read loses lines and is told so", "[feed]") {
    io::event_loop loop;
    io::fiber sleeper(loop);
    io::followers all;
    CHECK_FALSE(all.any());
    io::followers::seat seat(all, sleeper);
    CHECK(all.any());
    std::string line(100 * 1024, 'x');
    for (int i = 0; i < 5; ++i) {
        all.tell(line);
    }
    CHECK(seat.take() == line + "\n" + line + "\n{\"lost\":3}\n");
    all.tell("one");
    CHECK(seat.take() == "one\n");
    CHECK(seat.take().empty());
    CHECK_FALSE(seat.ended());
    all.end();
    CHECK(seat.ended());
    io::followers::seat late(all, sleeper);
    CHECK(late.ended());
}
