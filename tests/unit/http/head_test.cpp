// Heads that are fine: where they end, what is read from them, whatever way the bytes arrive.

#include "core/http/head.hpp"
#include "unit/http/wire.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using namespace vertex_relay::tests;
using verdict = enum head_scan::verdict;

namespace {

constexpr head_limits limits{32 * 1024, 100, 8 * 1024};
constexpr std::string_view plain_head =
    "POST /v1/chat/completions?x=1 HTTP/1.1\r\n"
    "Host: localhost:8642\r\n"
    "Content-Type:application/json\r\n"
    "Content-Length: \t 27 \r\n"
    "X-Empty:\r\n"
    "x-latin: caf\xe9\r\n"
    "\r\n";

} // namespace

TEST_CASE("a head ends at its empty line, however it arrives", "[http][head]") {
    std::string wire = std::string(plain_head) + "{\"model\":\"a\"}\r\n\r\n";
    for (std::size_t seen = 0; seen <= wire.size(); ++seen) {
        auto scan = find_head_end(std::string_view(wire).substr(0, seen));
        bool whole = seen >= plain_head.size();
        CAPTURE(seen);
        REQUIRE(scan.verdict == (whole ? verdict::complete : verdict::incomplete));
        REQUIRE(scan.size == (whole ? plain_head.size() : 0));
    }
}

TEST_CASE("a scan goes on where the one before stopped", "[http][head]") {
    std::mt19937 random(7);
    std::string wire = std::string(plain_head) + "{}";
    for (int round = 0; round < 200; ++round) {
        std::size_t scanned = 0;
        std::string buffer;
        head_scan scan{verdict::incomplete};
        for (auto const& piece : random_pieces(wire, 9, random)) {
            buffer += piece;
            if (scan.verdict == verdict::incomplete) {
                scan = find_head_end(buffer, scanned);
                scanned = buffer.size();
            }
        }
        REQUIRE(scan.verdict == verdict::complete);
        REQUIRE(scan.size == plain_head.size());
    }
}

TEST_CASE("a line that ends in a bare LF is malformed at once", "[http][head]") {
    CHECK(find_head_end("GET / HTTP/1.1\n").verdict == verdict::malformed);
    CHECK(find_head_end("\n").verdict == verdict::malformed);
    CHECK(find_head_end("GET / HTTP/1.1\r\nHost: a\n").verdict == verdict::malformed);
    CHECK(find_head_end("GET / HTTP/1.1\r\nHost: a\r\n\n").verdict == verdict::malformed);
    CHECK(find_head_end("GET / HTTP/1.1\r\nHost: a\r", 0).verdict == verdict::incomplete);
}

TEST_CASE("a head becomes views into its own bytes", "[http][head]") {
    auto head = parse_request_head(plain_head, limits);
    REQUIRE(head);
    CHECK(head->method == "POST");
    CHECK(head->target == "/v1/chat/completions?x=1");
    CHECK(head->version == 11);
    REQUIRE(head->fields.size() == 5);
    CHECK(head->find("HOST") == "localhost:8642");
    CHECK(head->find("content-type") == "application/json");
    CHECK(head->find("content-length") == "27");
    CHECK(head->find("x-empty") == "");
    CHECK(head->find("x-latin") == "caf\xe9");
    CHECK_FALSE(head->find("x-none"));
    CHECK(head->framing == body_framing::length);
    CHECK(head->content_length == 27);
    CHECK(head->keep_alive);
    for (auto const& field : head->fields) {
        CAPTURE(field.name);
        CHECK(field.name.data() > plain_head.data());
        CHECK(field.name.end() < plain_head.end());
    }
}

TEST_CASE("framing and persistence follow from the fields", "[http][head]") {
    struct row {
        std::string_view head;
        body_framing framing;
        std::size_t length;
        bool keep_alive;
    };
    auto line = GENERATE(
        row{"GET / HTTP/1.1\r\nHost: a\r\n\r\n", body_framing::none, 0, true},
        row{"GET / HTTP/1.0\r\nHost: a\r\n\r\n", body_framing::none, 0, false},
        row{"GET / HTTP/1.0\r\nHost: a\r\nConnection: Keep-Alive\r\n\r\n", body_framing::none, 0,
            true},
        row{"GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive, close\r\n\r\n",
            body_framing::none, 0, false},
        row{"GET / HTTP/1.1\r\nHost: a\r\nConnection: CLOSE\r\n\r\n", body_framing::none, 0,
            false},
        row{"GET / HTTP/1.1\r\nHost: a\r\nConnection: te ,\tclose\r\n\r\n", body_framing::none, 0,
            false},
        row{"GET / HTTP/1.1\r\nHost: a\r\nConnection: x\r\nConnection: close\r\n\r\n",
            body_framing::none, 0, false},
        row{"GET / HTTP/1.1\r\nHost: a\r\nConnection: closed\r\n\r\n", body_framing::none, 0,
            true},
        row{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", body_framing::none, 0,
            true},
        row{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 007\r\n\r\n", body_framing::length, 7,
            true},
        row{"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
            body_framing::chunked, 0, true},
        row{"POST / HTTP/1.1\r\nHost: a\r\ntransfer-encoding:Chunked \r\n\r\n",
            body_framing::chunked, 0, true});
    CAPTURE(line.head);
    auto head = parse_request_head(line.head, limits);
    REQUIRE(head);
    CHECK(head->framing == line.framing);
    CHECK(head->content_length == line.length);
    CHECK(head->keep_alive == line.keep_alive);
}

TEST_CASE("limits are inclusive", "[http][head]") {
    auto fields = [](std::size_t count) {
        std::string head = "GET / HTTP/1.1\r\nHost: a\r\n";
        for (std::size_t i = 1; i < count; ++i) {
            head += "x" + std::to_string(i) + ": y\r\n";
        }
        return head + "\r\n";
    };
    CHECK(parse_request_head(fields(100), limits));
    auto target = [](std::size_t size) {
        return "GET /" + std::string(size - 1, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n";
    };
    CHECK(parse_request_head(target(8 * 1024), limits));
    auto sized = [](std::size_t size) {
        std::string head = "GET / HTTP/1.1\r\nHost: a\r\nx: ";
        return head + std::string(size - head.size() - 4, 'y') + "\r\n\r\n";
    };
    CHECK(sized(32 * 1024).size() == 32 * 1024);
    CHECK(parse_request_head(sized(32 * 1024), limits));
    CHECK(parse_request_head(sized(32 * 1024 + 1), limits).error().status == 431);
}
