// What an upstream may and may not say in HTTP: odd answers are understood or refused, never passed
// on as they are.

#include "net/echo_rig.hpp"
#include "net/gate.hpp"
#include "net/recital.hpp"
#include "net/relay_shape.hpp"
#include "unit/http/wire.hpp"

#include <catch2/catch.hpp>

#include <semaphore>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;

constexpr std::string_view chunked_json = "2\r\n{}\r\n0\r\n\r\n";
constexpr std::string_view json_type = "Content-Type: application/json\r\n";

std::string repeated(std::string_view text, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
        out += text;
    }
    return out;
}

http_answer play(recital_rig& rig, std::string bytes, bool stream) {
    auto client = rig.relay.connect();
    auto request = chat(open_model, stream);
    return rig.play(client, {{std::move(bytes)}, false, true}, request);
}

void check_protocol_error(recital_rig& rig, std::string const& bytes) {
    for (bool stream : {false, true}) {
        INFO(bytes.substr(0, 300));
        auto answer = play(rig, bytes, stream);
        INFO(answer.head << answer.body.substr(0, 500));
        CHECK(answer.status == 502);
        auto problem = problem_of(answer.body);
        REQUIRE(problem);
        CHECK(problem->code == "upstream_protocol_error");
        CHECK(rig.relay.idle_upstream() == 0);
    }
}

std::string with_fields(std::string_view fields, std::string_view body = "{}") {
    return fmt::format("HTTP/1.1 200 OK\r\n{}{}\r\n{}", json_type, fields, body);
}

} // namespace

TEST_CASE("malformed answers are refused", "[relay][upstream]") {
    recital_rig rig;
    for (auto const& bytes :
         {std::string("{\"choices\":[]}\r\n\r\n"), std::string("HTTP/0.9 200 OK\r\n\r\n"),
          std::string("HTTP/2 200 OK\r\n\r\n"), std::string("HTTP/1.1 999 Odd\r\n\r\n"),
          std::string("HTTP/1.1 20 Short\r\n\r\n"), std::string("HTTP/1.1 200 OK\n\n{}"),
          with_fields("Content-Length: 2\r\nContent-Length: 3\r\n"),
          with_fields("Content-Length: 2\r\nContent-Length: 2\r\n"),
          with_fields("Content-Length: 2, 2\r\n"), with_fields("Content-Length: -2\r\n"),
          with_fields("Content-Length: 0x2\r\n"),
          with_fields("Content-Length: 99999999999999999999\r\n"),
          with_fields("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", chunked_json),
          with_fields("Transfer-Encoding: gzip, chunked\r\n", chunked_json),
          with_fields("Transfer-Encoding: identity\r\n"),
          with_fields("X-Split: a\rb\r\nContent-Length: 2\r\n"),
          with_fields("X-Folded: a\r\n b\r\nContent-Length: 2\r\n"),
          with_fields("X Name: a\r\nContent-Length: 2\r\n"), with_fields("X-Name : a\r\n"),
          with_fields("X-Nul: a" + std::string(1, '\0') + "b\r\nContent-Length: 2\r\n"),
          with_fields("X-Long: " + std::string(80 * 1024, 'x') + "\r\nContent-Length: 2\r\n"),
          std::string("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"),
          repeated("HTTP/1.1 103 Early Hints\r\n\r\n", 9) + json_answer("{}")}) {
        check_protocol_error(rig, bytes);
    }
    CHECK(rig.relay.settles());
}

TEST_CASE("a failure that comes as a 200 is told by its status", "[relay][upstream]") {
    recital_rig rig;
    for (auto const& body :
         {std::string(), std::string("<html>sorry</html>"), std::string("{\"choices\":[{\"mess")}) {
        check_protocol_error(rig, json_answer(body));
    }
    std::string quota =
        R"([{"error":{"code":429,"message":"Slow down.","status":"RESOURCE_EXHAUSTED"}}])";
    for (bool stream : {false, true}) {
        auto answer = play(rig, json_answer(quota), stream);
        CHECK(answer.status == 429);
        auto problem = problem_of(answer.body);
        REQUIRE(problem);
        CHECK(problem->code == "rate_limit_exceeded");
    }
}

TEST_CASE("interim answers are passed over", "[relay][upstream]") {
    recital_rig rig;
    auto hints = repeated("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", 7);
    auto answer = play(rig, "HTTP/1.1 100 Continue\r\n\r\n" + hints + json_answer("{}"), false);
    CHECK(answer.status == 200);
    CHECK(answer.body == "{}");
    CHECK(answer.head.find("103") == std::string::npos);
}

TEST_CASE("an answer may come in any pieces", "[relay][upstream]") {
    recital_rig rig;
    auto const wire = "HTTP/1.1 103 Early Hints\r\n\r\n" + json_answer(R"({"choices":[]})", "X-A: b\r\n");
    auto client = rig.relay.connect();
    for (std::size_t cut = 1; cut < wire.size(); ++cut) {
        auto answer = rig.play(client, {{wire.substr(0, cut), wire.substr(cut)}, true},
                               chat(open_model, false));
        CAPTURE(cut);
        REQUIRE(answer.status == 200);
        REQUIRE(answer.body == R"({"choices":[]})");
    }
    CHECK(rig.connections() == 1);
}

TEST_CASE("nothing of Google's head reaches the client but the type", "[relay][upstream]") {
    recital_rig rig;
    constexpr auto canaries = "Set-Cookie: canary=1\r\nAlt-Svc: canary\r\nServer: canary\r\n"
                              "Via: canary\r\nX-Canary: 1\r\nConnection: x-canary\r\n"
                              "x-request-id: canary\r\nLocation: canary\r\nTrailer: canary\r\n";
    for (auto const& bytes : {json_answer("{}", canaries),
                              stream_head(canaries) + "e\r\ndata: [DONE]\n\n\r\n" + "0\r\n\r\n"}) {
        auto answer = play(rig, bytes, true);
        INFO(answer.head);
        CHECK(answer.status == 200);
        CHECK(answer.head.find("anary") == std::string::npos);
    }
}

TEST_CASE("the first request on a connection may be large", "[relay][upstream]") {
    // TLS 1.3 session tickets arrive while it is sent; they are no answer.
    bool tls = GENERATE(true, false);
    auto kind = tls ? scripted_origin::wire::tls : scripted_origin::wire::plain;
    gate go_on;
    scripted_origin origin(
        [&](origin_line& line) {
            auto head = line.read_head();
            go_on.wait();
            line.skip(30'000'000);
            line.send(json_answer("{}"));
        },
        kind);
    relay_rig rig([&](core::config& settings, auto const&) {
        settings.upstream.first_byte_timeout_ms = core::milliseconds(5'000);
        origin.stand_in(settings);
    });
    auto body = chat_body(open_model, false);
    auto client = rig.connect();
    REQUIRE(client.send(post_chat(body.insert(1, std::string(30'000'000, ' ')))));
    REQUIRE(eventually([&] { return origin.connections() == 1; }));
    for (int turn = 0; turn < 10; ++turn) {
        rig.on_worker([](io::worker&) {}); // it is stuck now: the origin does not read
    }
    go_on.open();
    CHECK(client.read().status == 200);
}

TEST_CASE("an early refusal reaches a client that is still sending", "[relay][upstream]") {
    std::string const refusal = R"({"error":{"code":400,"message":"too long","status":"INVALID_ARGUMENT"}})";
    gate told;
    scripted_origin origin([&](origin_line& line) {
        line.bound_unread();
        line.read_head(); // and not one byte of the body
        line.send(fmt::format("HTTP/1.1 400 Bad Request\r\n{}Content-Length: {}\r\n\r\n{}",
                              json_type, refusal.size(), refusal));
        told.wait(); // the rest stays unread
    });
    relay_rig rig([&](core::config& settings, auto const&) { origin.stand_in(settings); });
    auto body = chat_body(open_model, true);
    auto request = post_chat(body.insert(1, std::string(30'000'000, ' ')));
    auto client = rig.connect();
    for (int i = 0; i < 2; ++i) {
        auto answer = client.ask(request);
        CHECK(answer.status == 400);
        CHECK(answer.body.find("too long") != std::string::npos);
        CHECK(rig.idle_upstream() == 0); // the rest of the body was never sent
    }
    CHECK(origin.connections() == 2);
    told.open();
}

TEST_CASE("plain HTTP serves a loopback upstream", "[relay][upstream]") {
    scripted_origin origin(echo, scripted_origin::wire::plain);
    relay_rig rig([&](core::config& settings, auto const&) { origin.stand_in(settings); });
    auto client = rig.connect();
    for (auto size : std::to_array<std::size_t>({2, 5'000, 300'000, 5'000'000})) {
        auto body = numbered_body(size);
        body.insert(1, std::string(size, ' '));
        auto answer = client.ask(post_chat(body));
        bool same = answer.body == body;
        CHECK(same);
    }
    CHECK(origin.connections() == 1);
}

TEST_CASE("uploads that fail leave other connections alone", "[relay][upstream]") {
    std::counting_semaphore<> next(0);
    scripted_origin origin([&](origin_line& line) {
        if (line.number() > 0) {
            line.read_head();
            line.skip(100'000);
            line.reset();
            return;
        }
        line.read();
        line.send(stream_head());
        for (int i = 0; i < 40 && next.try_acquire_for(patience); ++i) {
            line.send(chunk(text_event(fmt::format("<{}>", i))));
        }
        line.send(chunk(final_events()) + std::string(last_chunk));
        if (line.read()) { // fails if anything foreign came in meanwhile
            line.send(json_answer("{}"));
        }
    });
    relay_rig rig([&](core::config& settings, auto const&) {
        settings.upstream.retry_stale = false;
        origin.stand_in(settings);
    });
    auto streaming = rig.connect();
    REQUIRE(streaming.send(chat(open_model, true)));
    REQUIRE(streaming.wait_for("\r\n\r\n"));
    auto body = chat_body(open_model, false);
    auto upload = post_chat(body.insert(1, std::string(3'000'000, ' ')));
    for (int i = 0; i < 40; ++i) {
        CHECK(rig.ask(upload).status == 502);
        next.release();
        REQUIRE(streaming.wait_for(fmt::format("<{}>", i)));
    }
    CHECK(streaming.read().complete);
    CHECK(rig.ask(chat(open_model, false)).status == 200);
    CHECK(origin.connections() == 41);
}
