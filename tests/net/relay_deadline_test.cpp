// Clients that are slow, silent or do not read: each is let go by its deadline.

#include "net/echo_rig.hpp"
#include "net/relay_shape.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;
using core::milliseconds;

void check_request_timeout(relay_client& client) {
    auto answer = client.read();
    CHECK(answer.status == 408);
    CHECK(answer.field("connection") == "close");
    auto problem = problem_of(answer.body);
    REQUIRE(problem);
    CHECK(problem->code == "request_timeout");
    CHECK(client.wait_for_end() == ending::closed);
}

} // namespace

TEST_CASE("a head must come in time", "[relay][deadline]") {
    echo_rig rig([](core::config& settings, auto const&) {
        settings.timeouts.head_ms = milliseconds(100);
    });
    for (std::string part :
         {"G", "GET /livez HTTP/1.1\r\n", "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r"}) {
        INFO(part);
        auto client = rig.relay.connect();
        REQUIRE(client.send(part));
        check_request_timeout(client);
    }
    for (std::string nothing :
         {"", "\r\n", "\r\n\r\n\r\n"}) { // no request began: nothing to answer
        auto client = rig.relay.connect();
        REQUIRE(client.send(nothing));
        CHECK(client.wait_for_end() == ending::closed);
        CHECK(client.received().empty());
    }
    auto client = rig.relay.connect(); // the second head on a connection too
    REQUIRE(client.ask(get("/livez")).status == 200);
    REQUIRE(client.send("GET"));
    check_request_timeout(client);
    CHECK(rig.relay.ask(get("/livez")).status == 200);
}

TEST_CASE("a body must come in time", "[relay][deadline]") {
    echo_rig rig([](core::config& settings, auto const&) {
        settings.timeouts.body_ms = milliseconds(100);
    });
    auto whole = post_chat(numbered_body(1));
    constexpr std::string_view chunked_head =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (std::string part :
         {whole.substr(0, whole.size() - 1), whole.substr(0, whole.find("\r\n\r\n") + 4),
          std::string(chunked_head), std::string(chunked_head) + "5\r\n{\"a\"",
          std::string(chunked_head) + "2\r\n{}\r\n0\r\n"}) {
        INFO(part);
        auto client = rig.relay.connect();
        REQUIRE(client.send(part));
        check_request_timeout(client);
    }
    auto client = rig.relay.connect();
    auto expecting = post_chat(numbered_body(1), "Expect: 100-continue\r\n");
    REQUIRE(client.send(expecting.substr(0, expecting.find("\r\n\r\n") + 4)));
    CHECK(client.read().status == 100);
    check_request_timeout(client);
    CHECK(rig.origin.connections() == 0);
    CHECK(rig.relay.settles());
}

TEST_CASE("a body that ends early is refused", "[relay][deadline]") {
    echo_rig rig;
    auto client = rig.relay.connect();
    auto whole = post_chat(numbered_body(1));
    REQUIRE(client.send(whole.substr(0, whole.size() - 1)));
    client.half_close();
    auto answer = client.read();
    CHECK(answer.status == 400);
    CHECK(problem_of(answer.body)->code == "bad_request");
    CHECK(client.wait_for_end() == ending::closed);
}

TEST_CASE("an idle connection ends without a word", "[relay][deadline]") {
    echo_rig rig([](core::config& settings, auto const&) {
        settings.timeouts.keep_alive_ms = milliseconds(100);
    });
    auto client = rig.relay.connect();
    REQUIRE(client.ask(post_chat(numbered_body(1))).status == 200);
    CHECK(client.wait_for_end() == ending::closed);
    CHECK(client.received().empty());
}

TEST_CASE("a client that stops reading is let go", "[relay][deadline]") {
    auto stream = GENERATE(true, false);
    relay_rig rig([](core::config& settings, auto const&) {
        settings.timeouts.write_ms = milliseconds(200);
        settings.log.access = true;
    });
    auto client = rig.connect({.relay_sends = 16 * 1024, .client_receives = 16 * 1024});
    auto const* model = stream ? "google/sim-events-100000" : "google/sim-huge-8000000";
    REQUIRE(client.send(chat(model, stream)));
    CHECK(rig.settles()); // although the client neither reads nor closes
    CHECK(eventually([&] { return rig.seen().chats_cancelled == 1; }));
    CHECK(rig.logs_line_with(
        {R"("status":499)", R"("phase":"relay")", R"("cause":"client_stalled")"}));
    CHECK(rig.idle_upstream() == 0);
    client.wait_for_end();
    auto answer = client.read();
    CHECK_FALSE(answer.complete);
}
