// HTTP/1.0 clients, and HEAD: answers whose end is told in another way.

#include "net/echo_rig.hpp"
#include "net/relay_shape.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;

std::string old(std::string request, std::string_view more_fields = {}) {
    request.replace(request.find("HTTP/1.1"), 8, "HTTP/1.0");
    return request.insert(request.find("\r\n") + 2, more_fields);
}

} // namespace

TEST_CASE("an HTTP/1.0 client gets a length and the end", "[relay][http]") {
    echo_rig rig;
    auto client = rig.relay.connect();
    auto answer = client.ask(old(post_chat(numbered_body(1))));
    CHECK(answer.body == numbered_body(1));
    CHECK_FALSE(answer.field("content-length").empty());
    CHECK(client.wait_for_end() == ending::closed);

    auto lasting = rig.relay.connect();
    for (std::size_t i = 0; i < 3; ++i) {
        auto again = lasting.ask(old(post_chat(numbered_body(i)), "Connection: keep-alive\r\n"));
        CHECK(again.body == numbered_body(i));
        CHECK(again.field("connection") == "keep-alive");
    }
}

TEST_CASE("an HTTP/1.0 client's stream ends with the connection", "[relay][http]") {
    relay_rig rig;
    for (auto const* fields : {"", "Connection: keep-alive\r\n"}) {
        INFO(fields);
        auto client = rig.connect();
        auto answer = client.ask(old(chat("google/sim-events-20", true), fields));
        CHECK_FALSE(answer.chunked);
        CHECK(answer.field("connection") == "close");
        CHECK(answer.complete);
        auto stream = stream_of(answer.body);
        CHECK(stream.done);
        CHECK(stream.events.size() >= 20);
        CHECK(client.wait_for_end() == ending::closed);
    }
}

TEST_CASE("an HTTP/1.0 client's broken stream ends with a reset", "[relay][http]") {
    relay_rig rig;
    for (auto const* fault :
         {"cut-2", "cut-inside-2", "rst-2", "clean-end-2", "midstream-error-2"}) {
        INFO(fault);
        auto client = rig.connect();
        auto answer = client.ask(old(chat("google/sim-" + std::string(fault), true)));
        CHECK(client.wait_for_end() == ending::reset);
        CHECK_FALSE(answer.complete);
        auto stream = stream_of(answer.body);
        REQUIRE(stream.problem);
        CHECK(stream.rest.empty());
    }
    CHECK(rig.settles());
}

TEST_CASE("a long answer without a length reaches an old client whole or not at all",
          "[relay][http]") {
    std::atomic<bool> whole = true;
    scripted_origin origin([&](origin_line& line) {
        line.read();
        line.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                  "Transfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < 100; ++i) {
            line.send(fmt::format("{:x}\r\n{}\r\n", 10'000, std::string(10'000, 'j')));
        }
        whole ? void(line.send(last_chunk)) : line.cut();
    });
    relay_rig rig([&](core::config& settings, auto const&) { origin.stand_in(settings); });
    auto client = rig.connect();
    auto answer = client.ask(old(chat(open_model, false)));
    CHECK(answer.body.size() == 1'000'000);
    CHECK(client.wait_for_end() == ending::closed);
    whole = false;
    auto second = rig.connect();
    second.ask(old(chat(open_model, false)));
    CHECK(second.wait_for_end() == ending::reset);
}

TEST_CASE("an answer to HEAD has no body, whatever it says", "[relay][http]") {
    relay_rig rig;
    auto client = rig.connect();
    for (auto const* path :
         {"/v1/models", "/livez", "/readyz", "/v1/models/google/gemini-3.5-flash",
          "/v1/models/nothing", "/nowhere", "/v1/chat/completions"}) {
        INFO(path);
        auto full = client.ask(get(path));
        auto request = get(path);
        REQUIRE(client.send(request.replace(0, 3, "HEAD")));
        auto head = client.read(true);
        CHECK(head.status == full.status);
        CHECK(head.field("content-type") == "application/json");
        CHECK(client.ask(get("/livez")).status == 200); // in step
    }
    REQUIRE(client.send("HEAD / HTTP/1.1\r\nHost: evil.example\r\n\r\n" + get("/livez")));
    CHECK(client.read(true).status == 403);
    CHECK(client.read().status == 200);
}
