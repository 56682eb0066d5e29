// Connections to Vertex AI: kept, taken newest first, let go in time, and never trusted too far.

#include "net/echo_rig.hpp"
#include "net/gate.hpp"
#include "net/relay_shape.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;
using core::milliseconds;

/// An origin that says which connection answered.
void answer_with_number(origin_line& line) {
    while (line.read()) {
        line.send(json_answer(fmt::format(R"({{"line":{}}})", line.number())));
    }
}

std::string line_name(std::size_t number) { return fmt::format(R"({{"line":{}}})", number); }

/// Answers a first request, does `then` when the second begins to arrive, and serves every other
/// connection as it should.
scripted_origin::script faulty_second(std::function<void(origin_line&)> then,
                                      std::atomic<int>& executed) {
    return [then = std::move(then), &executed](origin_line& line) {
        if (line.number() == 0) {
            line.read();
            ++executed;
            line.send(json_answer("{}"));
            line.skip(1);
            then(line);
            return;
        }
        while (line.read()) {
            ++executed;
            line.send(json_answer("{}"));
        }
    };
}

struct pooled_rig {
    explicit pooled_rig(scripted_origin::script script, bool retry_stale = true)
        : origin(std::move(script)), relay([&](core::config& settings, auto const&) {
              settings.upstream.retry_stale = retry_stale;
              settings.log.access = true;
              origin.stand_in(settings);
          }) {}
    http_answer ask() { return relay.ask(post_chat(numbered_body(1))); }

    scripted_origin origin;
    relay_rig relay;
};

} // namespace

TEST_CASE("one connection serves one request after the other", "[relay][pool]") {
    pooled_rig rig(answer_with_number);
    for (int i = 0; i < 50; ++i) {
        CHECK(rig.ask().body == line_name(0));
    }
    CHECK(rig.origin.connections() == 1);
    CHECK(rig.relay.idle_upstream() == 1);
}

TEST_CASE("the newest idle connection is taken first", "[relay][pool]") {
    gate first;
    gate second;
    pooled_rig rig([&](origin_line& line) {
        while (line.read()) {
            (line.number() == 0 ? first : second).wait();
            line.send(json_answer(line_name(line.number())));
        }
    });
    auto one = rig.relay.connect();
    REQUIRE(one.send(post_chat(numbered_body(1))));
    REQUIRE(eventually([&] { return rig.origin.connections() == 1; }));
    auto two = rig.relay.connect();
    REQUIRE(two.send(post_chat(numbered_body(1))));
    REQUIRE(eventually([&] { return rig.origin.connections() == 2; }));
    second.open();
    CHECK(two.read().body == line_name(1));
    first.open();
    CHECK(one.read().body == line_name(0));
    REQUIRE(rig.relay.idle_upstream() == 2);
    for (int i = 0; i < 5; ++i) {
        CHECK(rig.ask().body == line_name(0)); // it came back last
    }
}

TEST_CASE("idle connections are let go in time", "[relay][pool]") {
    echo_rig rig([](core::config& settings, auto const&) {
        settings.upstream.pool_idle_ms = milliseconds(30);
    });
    auto ask = [&] { return rig.relay.ask(post_chat(numbered_body(1))).status; };
    REQUIRE(ask() == 200);
    REQUIRE(rig.relay.idle_upstream() == 1);
    CHECK(eventually([&] {
        rig.relay.on_worker([](io::worker& at) { at.current()->upstream->pool.sweep(); });
        return rig.relay.idle_upstream() == 0;
    }));
    REQUIRE(ask() == 200);
    CHECK(rig.origin.connections() == 2);
}

TEST_CASE("only so many connections are kept", "[relay][pool]") {
    relay_rig rig([](core::config& settings, auto const&) { settings.upstream.pool_max_idle = 2; });
    std::vector<relay_client> clients;
    for (int i = 0; i < 6; ++i) {
        clients.push_back(rig.connect());
        REQUIRE(clients.back().send(chat("google/sim-slow-100", false)));
    }
    for (auto& client : clients) {
        CHECK(client.read().status == 200);
    }
    CHECK(rig.seen().connections >= 7); // one bought the token
    CHECK(rig.idle_upstream() == 2);
}

TEST_CASE("a connection closed while idle is not used", "[relay][pool]") {
    auto kind = GENERATE(&origin_line::close, &origin_line::cut, &origin_line::reset);
    std::atomic<int> executed = 0;
    std::atomic<int> closed = 0;
    pooled_rig rig([&](origin_line& line) { // each serves one request, then says goodbye
        line.read();
        ++executed;
        line.send(json_answer("{}"));
        (line.*kind)();
        ++closed;
        line.wait_for_end();
    });
    for (int i = 1; i <= 20; ++i) {
        CHECK(rig.ask().status == 200);
        REQUIRE(eventually([&] { return closed == i; }));
    }
    CHECK(executed == 20);
}

TEST_CASE("bytes nobody asked for spoil a connection", "[relay][pool]") {
    std::string const forged = json_answer(R"({"forged":true})");
    bool later = GENERATE(false, true);
    bool chunked_answer = GENERATE(false, true);
    auto const own = chunked_answer ? stream_head() + "f\r\ndata: [DONE]\n\n\r\n" + "0\r\n\r\n"
                                    : json_answer("{}");
    std::atomic<int> sent = 0;
    pooled_rig rig([&](origin_line& line) {
        while (line.read()) {
            later ? line.send(own) && line.send(forged) : line.send(own + forged);
            ++sent;
        }
    });
    for (int i = 1; i <= 5; ++i) {
        auto answer = rig.ask();
        CHECK(answer.status == 200);
        CHECK(answer.body.find("forged") == std::string::npos);
        REQUIRE(eventually([&] { return sent == i; }));
        rig.relay.on_worker([](io::worker&) {});
        rig.relay.on_worker([](io::worker&) {}); // it has seen them now
    }
    CHECK(rig.origin.connections() == 5);
}

TEST_CASE("a stale connection costs one replay, and the request runs once", "[relay][pool]") {
    auto kind = GENERATE(&origin_line::close, &origin_line::cut, &origin_line::reset);
    std::atomic<int> executed = 0;
    pooled_rig rig(faulty_second([&](origin_line& line) { (line.*kind)(); }, executed));
    REQUIRE(rig.ask().status == 200);
    auto answer = rig.ask();
    INFO(rig.relay.log_text());
    CHECK(answer.status == 200);
    CHECK(executed == 2);
    CHECK(rig.origin.connections() == 2);
    CHECK(rig.relay.logs_line_with({R"("status":200)", R"("attempts":2)"}));
}

TEST_CASE("the replay can be turned off", "[relay][pool]") {
    std::atomic<int> executed = 0;
    pooled_rig rig(faulty_second([](origin_line& line) { line.reset(); }, executed), false);
    REQUIRE(rig.ask().status == 200);
    auto answer = rig.ask();
    CHECK(answer.status == 502);
    CHECK(problem_of(answer.body)->code == "upstream_reset");
    CHECK(executed == 1);
}

TEST_CASE("a request that may have run is not sent again", "[relay][pool]") {
    std::atomic<int> executed = 0;
    SECTION("on a fresh connection") {
        auto kind = GENERATE(&origin_line::close, &origin_line::cut, &origin_line::reset);
        pooled_rig rig([&](origin_line& line) {
            line.read();
            ++executed;
            (line.*kind)();
        });
        auto answer = rig.ask();
        CHECK(answer.status == 502);
        CHECK(problem_of(answer.body)->code == "upstream_reset");
        CHECK(executed == 1);
        CHECK(rig.relay.logs_line_with({R"("status":502)", R"("attempts":1)"}));
    }
    SECTION("when an answer had begun") {
        pooled_rig rig(faulty_second(
            [&](origin_line& line) {
                line.send("HTTP/1.1 2");
                line.cut();
            },
            executed));
        REQUIRE(rig.ask().status == 200);
        auto answer = rig.ask();
        CHECK(answer.status == 502);
        CHECK(executed == 1);
        CHECK(rig.origin.connections() == 1);
    }
}
