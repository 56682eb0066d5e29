#include "simulator/request.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::simulator;
using state = request_reader::state;

namespace {

state read_all(request_reader& reader, std::string bytes) { return reader.read(bytes); }

} // namespace

TEST_CASE("a request is read whatever way its bytes are cut") {
    std::string const bytes = "POST /a?b=c HTTP/1.1\r\nHost: h:1\r\nX-One:  two \r\n"
                              "Transfer-Encoding: chunked\r\n\r\n"
                              "3;ext=1\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\nT: x\r\n\r\n";
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
        request_reader reader;
        std::string input = bytes.substr(0, cut);
        INFO(cut);
        CHECK(reader.read(input) != state::bad);
        input += bytes.substr(cut);
        REQUIRE(reader.read(input) == state::done);
        CHECK(input.empty());
        CHECK(reader.current().body == "abc0123456789abcdef");
        CHECK(reader.current().path() == "/a");
        CHECK(reader.current().host() == "h");
        CHECK(reader.current().find("x-one") == "two");
    }
}

TEST_CASE("pipelined requests stay apart") {
    request_reader reader;
    std::string input = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi"
                        "GET /2 HTTP/1.1\r\nHost: [::1]:80\r\nConnection: close\r\n\r\n";
    REQUIRE(reader.read(input) == state::done);
    CHECK(reader.current().body == "hi");
    CHECK(reader.current().keep_alive);
    reader.next();
    REQUIRE(reader.read(input) == state::done);
    CHECK(reader.current().target == "/2");
    CHECK(reader.current().host() == "[::1]");
    CHECK_FALSE(reader.current().keep_alive);
}

TEST_CASE("requests that break RFC 9112 are refused") {
    for (auto const* bad :
         {"GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
          "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/2\r\nHost: a\r\n\r\n",
          "GET / HTTP/1.1\r\nHost : a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX: a\nb\r\n\r\n",
          "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
          "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
          "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
          "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n",
          "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
          "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc"}) {
        request_reader reader;
        INFO(bad);
        CHECK(read_all(reader, bad) == state::bad);
        CHECK_FALSE(reader.complaint().empty());
    }
}
