// What Vertex AI may answer with, and every head it may not.

#include "core/http/head.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace vertex_relay::core;

namespace {

std::string ok(std::string_view lines) {
    return "HTTP/1.1 200 OK\r\n" + std::string(lines) + "\r\n";
}

} // namespace

TEST_CASE("an answer is framed by its fields and its status", "[http][response]") {
    struct row {
        std::string head;
        unsigned status;
        body_framing framing;
        std::size_t length;
        bool keep_alive;
    };
    auto line = GENERATE(
        row{ok("Content-Length: 12\r\n"), 200, body_framing::length, 12, true},
        row{ok("Content-Length: 0\r\n"), 200, body_framing::none, 0, true},
        row{ok("Transfer-Encoding: chunked\r\n"), 200, body_framing::chunked, 0, true},
        row{ok("transfer-encoding: CHUNKED\r\n"), 200, body_framing::chunked, 0, true},
        row{ok(""), 200, body_framing::until_close, 0, false},
        row{ok("Content-Length: 3\r\nConnection: close\r\n"), 200, body_framing::length, 3, false},
        row{"HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\n", 200, body_framing::length, 3, false},
        row{"HTTP/1.0 200 OK\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\n", 200,
            body_framing::length, 3, true},
        row{"HTTP/1.1 204 No Content\r\n\r\n", 204, body_framing::none, 0, true},
        row{"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 304, body_framing::none, 0,
            true},
        row{"HTTP/1.1 100 Continue\r\n\r\n", 100, body_framing::none, 0, true},
        row{"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", 103, body_framing::none, 0, true},
        row{"HTTP/1.1 500 \r\nContent-Length: 1\r\n\r\n", 500, body_framing::length, 1, true},
        row{"HTTP/1.1 599 \xe2\x98\xba\r\nContent-Length: 1\r\n\r\n", 599, body_framing::length, 1,
            true});
    CAPTURE(line.head);
    auto head = parse_response_head(line.head);
    REQUIRE(head);
    CHECK(head->status == line.status);
    CHECK(head->framing == line.framing);
    CHECK(head->content_length == line.length);
    CHECK(head->keep_alive == line.keep_alive);
}

TEST_CASE("a malformed or ambiguous answer is a 502", "[http][response]") {
    using namespace std::string_literals;
    auto head = GENERATE(values<std::string>({
        ok("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
        ok("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"),
        ok("Content-Length: 5\r\nContent-Length: 5\r\n"),
        ok("Content-Length: 5\r\nContent-Length: 6\r\n"),
        ok("Content-Length: 5,5\r\n"),
        ok("Content-Length: +5\r\n"),
        ok("Content-Length: -1\r\n"),
        ok("Content-Length:\r\n"),
        ok("Content-Length: 99999999999999999999999\r\n"),
        ok("Transfer-Encoding: gzip\r\n"),
        ok("Transfer-Encoding: gzip, chunked\r\n"),
        ok("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
        ok("X: a\r\n b\r\n"),
        ok("X : a\r\n"),
        ok(": a\r\n"),
        ok("X: a\0b\r\n"s),
        ok("X: a\rb\r\n"),
        ok("no colon\r\n"),
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"s,
        "HTTP/2.0 200 OK\r\n\r\n"s,
        "HTTP/1.2 200 OK\r\n\r\n"s,
        "HTTP/0.9 200 OK\r\n\r\n"s,
        "http/1.1 200 OK\r\n\r\n"s,
        "HTTP/1.1 20 OK\r\n\r\n"s,
        "HTTP/1.1 2000 OK\r\n\r\n"s,
        "HTTP/1.1 abc OK\r\n\r\n"s,
        "HTTP/1.1 000 OK\r\n\r\n"s,
        "HTTP/1.1 099 OK\r\n\r\n"s,
        "HTTP/1.1 600 OK\r\n\r\n"s,
        "HTTP/1.1 999 OK\r\n\r\n"s,
        "ICY 200 OK\r\n\r\n"s,
        "<html>\r\n\r\n"s,
        "\r\n\r\n"s,
        "{\"error\":1}\r\n\r\n"s,
    }));
    CAPTURE(head);
    auto parsed = parse_response_head(head);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().status == 502);
    CHECK(parsed.error().code == "upstream_protocol_error");
    CHECK(parsed.error().type == "upstream_error");
}
