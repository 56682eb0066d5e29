// Policy rows 2 to 4: every malformed or ambiguous head is refused, with the right status, and the
// connection is not used again.

#include "core/http/head.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace vertex_relay::core;

namespace {

constexpr head_limits limits{32 * 1024, 100, 8 * 1024};

struct row {
    std::string head;
    int status = 400;
    std::string code = "bad_request";
};

/// A POST with these lines between the Host field and the empty line.
std::string post(std::string_view lines) {
    return "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\n" + std::string(lines) + "\r\n";
}

std::string get(std::string_view request_line) {
    return std::string(request_line) + "\r\nHost: a\r\n\r\n";
}

/// What the session does with received bytes: find the end, then parse.
failure refusal_of(std::string const& bytes) {
    auto scan = find_head_end(bytes);
    if (scan.verdict != head_scan::verdict::complete) {
        return invalid_request(400, "bad_request", "no end of the head");
    }
    auto head = parse_request_head(std::string_view(bytes).substr(0, scan.size), limits);
    if (head) {
        return failure{.status = 200, .code = "accepted"};
    }
    CHECK(head.error().close);
    CHECK(head.error().type == "invalid_request_error");
    CHECK(head.error().retry != retry_advice::later);
    return head.error();
}

void check_all(std::vector<row> const& rows) {
    for (auto const& line : rows) {
        CAPTURE(line.head.substr(0, 300));
        auto refusal = refusal_of(line.head);
        CAPTURE(refusal.message);
        CHECK(refusal.status == line.status);
        CHECK(refusal.code == line.code);
    }
}

} // namespace

TEST_CASE("a body framed in two ways is refused", "[http][head][refusal]") {
    check_all({
        {post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")},
        {post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n")},
        {post("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n")},
        {post("Content-Length: 5\r\nContent-Length: 5\r\n")},
        {post("Content-Length: 5\r\nContent-Length: 6\r\n")},
        {post("Content-Length: 5\r\nX: y\r\ncontent-length: 5\r\n")},
        {post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")},
        {post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n")},
        {post("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n")},
        {"POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"},
        {"POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"},
    });
}

TEST_CASE("a transfer coding other than chunked is refused", "[http][head][refusal]") {
    check_all({
        {post("Transfer-Encoding: gzip\r\n"), 501, "unsupported_transfer_encoding"},
        {post("Transfer-Encoding: identity\r\n"), 501, "unsupported_transfer_encoding"},
        {post("Transfer-Encoding: deflate, gzip\r\n"), 501, "unsupported_transfer_encoding"},
        {post("Transfer-Encoding: gzip, chunked\r\n")},
        {post("Transfer-Encoding: chunked, gzip\r\n")},
        {post("Transfer-Encoding: chunked, chunked\r\n")},
        {post("Transfer-Encoding: chunked,\r\n")},
        {post("Transfer-Encoding: ,chunked\r\n")},
        {post("Transfer-Encoding: xchunked\r\n")},
        {post("Transfer-Encoding: chunkedx\r\n")},
        {post("Transfer-Encoding: \"chunked\"\r\n")},
        {post("Transfer-Encoding: chunked;q=1\r\n")},
        {post("Transfer-Encoding: chun ked\r\n"), 501, "unsupported_transfer_encoding"},
        {post("Transfer-Encoding:\r\n")},
        {post("Transfer-Encoding: \x0b" "chunked\r\n")},
        {post("Transfer-Encoding: chunked\x0c\r\n")},
        {post("Transfer-Encoding:\xc2\xa0" "chunked\r\n")},
        {post("Transfer-Encoding : chunked\r\n")},
        {post("Transfer-Encoding\t: chunked\r\n")},
        {post("X: y\rTransfer-Encoding: chunked\r\n")},
        {post("Transfer-Encoding:\r\n chunked\r\n")},
        {post(" Transfer-Encoding: chunked\r\n")},
    });
}

TEST_CASE("a length that is not one decimal number is refused", "[http][head][refusal]") {
    check_all({
        {post("Content-Length: +5\r\n")},
        {post("Content-Length: -5\r\n")},
        {post("Content-Length: 5,5\r\n")},
        {post("Content-Length: 5, 6\r\n")},
        {post("Content-Length: 0x5\r\n")},
        {post("Content-Length: 5 5\r\n")},
        {post("Content-Length: 5.0\r\n")},
        {post("Content-Length: 1e3\r\n")},
        {post("Content-Length: five\r\n")},
        {post("Content-Length:\r\n")},
        {post("Content-Length: \"5\"\r\n")},
        {post("Content-Length: 5;\r\n")},
        {post("Content-Length: 18446744073709551616\r\n")},
        {post("Content-Length: 99999999999999999999999\r\n")},
        {post("Content-Length : 5\r\n")},
        {post("Content-Length: 5\x0b\r\n")},
        {post("Content-Length: \xd9\xa5\r\n")},
        {post("Content-Length: 5\r\n 5\r\n")},
    });
}

TEST_CASE("lines that are not fields are refused", "[http][head][refusal]") {
    using namespace std::string_literals;
    check_all({
        {post("X: a\r\n b\r\n")},
        {post("X: a\r\n\tb\r\n")},
        {post("X : a\r\n")},
        {post("X\t: a\r\n")},
        {post(": a\r\n")},
        {post("X\r\n")},
        {post("X a\r\n")},
        {post("(X): a\r\n")},
        {post("X@Y: a\r\n")},
        {post("X\x7f: a\r\n")},
        {post("X\xc3\xa9: a\r\n")},
        {post("\"X\": a\r\n")},
        {post("X: a\rb\r\n")},
        {post("X: a\r\r\n")},
        {post("X: a\nb: c\r\n")},
        {post("X: a\n\r\n")},
        {post("X: a\0b\r\n"s)},
        {post("X\0: a\r\n"s)},
        {post("X: \x01\r\n")},
        {post("X: \x1f\r\n")},
        {post("X: a\x7f\r\n")},
        {post("X: a\x1b[31m\r\n")},
        {post("X: a\x08\r\n")},
    });
}

TEST_CASE("control characters are refused at any place of a field", "[http][head][refusal]") {
    for (std::size_t length = 1; length <= 20; ++length) {
        for (std::size_t at = 0; at < length; ++at) {
            for (int byte = 0; byte < 256; ++byte) {
                std::string value(length, 'v');
                value[at] = static_cast<char>(byte);
                bool control = (byte < 0x20 && byte != '\t') || byte == 0x7f;
                CAPTURE(length, at, byte);
                REQUIRE(refusal_of(post("X: " + value + "\r\n")).status == (control ? 400 : 200));
            }
        }
    }
}

TEST_CASE("there is exactly one Host", "[http][head][refusal]") {
    check_all({
        {"GET / HTTP/1.1\r\n\r\n"},
        {"GET / HTTP/1.0\r\n\r\n"},
        {"GET / HTTP/1.1\r\nX: y\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n"},
        {"GET http://a/ HTTP/1.1\r\nX: y\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost : a\r\n\r\n"},
        {"GET / HTTP/1.1\r\n Host: a\r\n\r\n"},
    });
}

TEST_CASE("only HTTP/1.1 and HTTP/1.0 are spoken", "[http][head][refusal]") {
    check_all({
        {get("GET / HTTP/1.2"), 505, "http_version_not_supported"},
        {get("GET / HTTP/2.0"), 505, "http_version_not_supported"},
        {get("GET / HTTP/2"), 505, "http_version_not_supported"},
        {get("GET / HTTP/0.9"), 505, "http_version_not_supported"},
        {get("GET / HTTP/1.10"), 505, "http_version_not_supported"},
        {get("GET / HTTP/11.1"), 505, "http_version_not_supported"},
        {get("GET / HTTP/1."), 505, "http_version_not_supported"},
        {get("GET / HTTP/"), 505, "http_version_not_supported"},
        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "http_version_not_supported"},
        {get("GET / http/1.1")},
        {get("GET / Http/1.1")},
        {get("GET / HTP/1.1")},
        {get("GET / XHTTP/1.1")},
        {get("GET / HTTPS/1.1")},
        {get("GET /")},
        {get("GET")},
        {get("")},
        {"\r\n\r\n"},
    });
}

TEST_CASE("a request line has three words and a plain target", "[http][head][refusal]") {
    using namespace std::string_literals;
    check_all({
        {get("GET  / HTTP/1.1")},
        {get("GET /  HTTP/1.1")},
        {get("GET /\tHTTP/1.1")},
        {get(" GET / HTTP/1.1")},
        {get("GET / HTTP/1.1 ")},
        {get("GET /a b HTTP/1.1")},
        {get("GET\t/ HTTP/1.1")},
        {get("G(T / HTTP/1.1")},
        {get("G\xc3\xa9T / HTTP/1.1")},
        {get("GE\0T / HTTP/1.1"s)},
        {get("GET /caf\xc3\xa9 HTTP/1.1")},
        {get("GET /\x7f HTTP/1.1")},
        {get("GET /\x01 HTTP/1.1")},
        {get("GET /\0 HTTP/1.1"s)},
        {get("GET /\" HTTP/1.1")},
        {get("GET /\rX HTTP/1.1")},
        {get("GET / HTTP/1.1\r")},
        {get("GET / HTTP/1.1\rX: y")},
        {"\x16\x03\x01\x02 \x01 \x01\r\n\r\n"},
    });
}

TEST_CASE("a head that is too large is refused as such", "[http][head][refusal]") {
    std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
    for (int i = 0; i < 100; ++i) {
        many += "x: y\r\n";
    }
    check_all({
        {many + "\r\n", 431, "headers_too_large"},
        {post("X: " + std::string(32 * 1024, 'y') + "\r\n"), 431, "headers_too_large"},
        {get("GET /" + std::string(8 * 1024, 'a') + " HTTP/1.1"), 414, "uri_too_long"},
        {get("GET /?" + std::string(9000, 'a') + " HTTP/1.1"), 414, "uri_too_long"},
        {get("GET /" + std::string(33000, 'a') + " HTTP/1.1"), 431, "headers_too_large"},
    });
}

TEST_CASE("the refusal names the rule", "[http][head][refusal]") {
    auto message = [](std::string const& head) { return refusal_of(head).message; };
    CHECK_THAT(message("GET / HTTP/1.1\r\n\r\n"), Catch::Contains("Host"));
    CHECK_THAT(message(post("Content-Length: x\r\n")), Catch::Contains("ontent"));
    CHECK_THAT(message(post("Transfer-Encoding: x\r\n")), Catch::Contains("Transfer-Encoding"));
    CHECK_THAT(message(post("X: a\r\n b\r\n")), Catch::Contains("folded"));
    CHECK_THAT(message(get("GET /\xff HTTP/1.1")), Catch::Contains("target"));
    CHECK_THAT(message(post("X: " + std::string(40000, 'y') + "\r\n")),
               Catch::Contains("32768") && Catch::Contains("limits.head_bytes"));
}

TEST_CASE("absolute-form is read as it stands", "[http][head]") {
    auto text = "GET http://localhost:1/v1/models HTTP/1.1\r\nHost: localhost:1\r\n\r\n";
    auto head = parse_request_head(text, limits);
    REQUIRE(head);
    CHECK(head->target == "http://localhost:1/v1/models");
}
