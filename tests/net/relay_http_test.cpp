// HTTP/1.1 as clients speak it: one request after the other, many at once, in any pieces.

#include "net/echo_rig.hpp"
#include "net/relay_shape.hpp"
#include "net/upload.hpp"
#include "unit/http/wire.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;

/// Requests of all kinds, chat completions between them.
std::string mixed_requests(std::size_t count, std::mt19937& random) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
        switch (i % 5) {
        case 0: out += post_chat(numbered_body(i)); break;
        case 1: out += post_chunked(random_chunks(numbered_body(i), random)); break;
        case 2: out += get("/v1/models/google/gemini-3.5-flash"); break;
        case 3: out += "\r\n" + get("/livez", "Content-Length: 5\r\n") + "12345"; break;
        default: out += post_chat(R"({"model":"nonsense"})"); break;
        }
    }
    return out;
}

void check_mixed_answers(relay_client& client, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        CAPTURE(i);
        auto answer = client.read();
        REQUIRE(answer.complete);
        CHECK(answer.status == (i % 5 == 4 ? 404 : 200));
        switch (i % 5) {
        case 0:
        case 1: CHECK(answer.body == numbered_body(i)); break;
        case 2: CHECK(answer.body.find(R"("id":"google/gemini-3.5-flash")") != std::string::npos); break;
        case 3: CHECK(answer.body == R"({"status":"ok"})"); break;
        default: CHECK(problem_of(answer.body)->code == "model_not_found"); break;
        }
    }
}

} // namespace

TEST_CASE("fifty pipelined requests are answered in order", "[relay][http]") {
    std::mt19937 random(20'260'731);
    echo_rig rig;
    auto requests = mixed_requests(50, random);
    auto client = rig.relay.connect();
    REQUIRE(client.send(requests));
    check_mixed_answers(client, 50);
    CHECK(rig.origin.connections() == 1);

    for (auto const& piece : random_pieces(requests, 200, random)) {
        REQUIRE(client.send(piece));
        rig.relay.on_worker([](io::worker&) {});
    }
    check_mixed_answers(client, 50);
    CHECK(client.received().empty());
}

TEST_CASE("a request may come byte by byte", "[relay][http]") {
    std::mt19937 random(1);
    echo_rig rig;
    auto client = rig.relay.connect();
    auto requests = post_chat(numbered_body(1)) +
                    post_chunked(random_chunks(numbered_body(2), random)) + get("/livez");
    for (char byte : requests) {
        REQUIRE(client.send({&byte, 1}));
        rig.relay.on_worker([](io::worker&) {});
    }
    CHECK(client.read().body == numbered_body(1));
    CHECK(client.read().body == numbered_body(2));
    CHECK(client.read().status == 200);
}

TEST_CASE("the client's wish to close is obeyed", "[relay][http]") {
    echo_rig rig;
    auto client = rig.relay.connect();
    auto answer = client.ask(post_chat(numbered_body(1), "Connection: close\r\n") + get("/livez"));
    CHECK(answer.body == numbered_body(1));
    CHECK(answer.field("connection") == "close");
    CHECK(client.wait_for_end() == ending::closed);
    CHECK(client.received().empty());
    client.close();
    CHECK(rig.relay.settles());
}

TEST_CASE("a refused body is never taken for a request", "[relay][http]") {
    relay_rig rig([](core::config& settings, auto const&) { settings.limits.buffered_bytes = 10; });
    auto const hidden = get("/v1/models");
    auto const hidden_chunks = random_chunks(hidden, *std::make_unique<std::mt19937>(3));
    auto with_body = [&](std::string head, bool chunks) {
        auto framing = chunks ? std::string("Transfer-Encoding: chunked\r\n")
                              : fmt::format("Content-Length: {}\r\n", hidden.size());
        return head + "\r\nHost: localhost\r\n" + framing + "\r\n" +
               (chunks ? hidden_chunks : hidden);
    };
    for (std::string head :
         {"POST /nowhere HTTP/1.1", "PUT /v1/chat/completions HTTP/1.1",
          "POST /v1/chat/completions HTTP/1.1\r\nContent-Type: text/plain",
          "POST /v1/chat/completions HTTP/1.1\r\nContent-Type: application/json",
          "DELETE /v1/models HTTP/1.1", "GET /v1/models HTTP/1.1\r\nExpect: 200-ok"}) {
        for (bool chunks : {false, true}) {
            INFO(head << (chunks ? " in chunks" : " with a length"));
            auto client = rig.connect();
            auto answer = client.ask(with_body(head, chunks));
            CHECK(answer.status >= 400);
            CHECK(problem_of(answer.body));
            client.half_close();
            CHECK(client.wait_for_end() == ending::closed);
            CHECK(client.received().empty());
        }
    }
}
