// Answers whose head is late, cut, oversized or against the rules of RFC 9112: the client always
// learns it by the status, and the connection is not used again.

#include "faults/scenario.hpp"
#include "net/scripted_origin.hpp"

#include <fmt/format.h>

namespace vertex_relay::tests {

namespace {

constexpr std::string_view type_line = "Content-Type: application/json\r\n";

std::string many(std::string_view text, int count) {
    std::string out;
    for (int i = 0; i < count; ++i) {
        out += text;
    }
    return out;
}

struct bad_head {
    char const* name;
    std::string bytes;
    char const* code = "upstream_protocol_error";
};

std::vector<bad_head> bad_heads() {
    using namespace std::string_literals;
    auto const ok = "HTTP/1.1 200 OK\r\n"s + std::string(type_line);
    auto const hint = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
    return {{"garbage", "\x01\x02\x03 no HTTP at all\r\n\r\n"},
            {"HTTP/0.9", "<html>hello</html>\r\n\r\n"},
            {"HTTP/2", "HTTP/2 200 OK\r\n\r\n"},
            {"a preface of HTTP/2", "\x00\x00\x12\x04\x00\x00\x00\x00\x00\r\n\r\n"s},
            {"a status of two digits", "HTTP/1.1 20 OK\r\n\r\n"},
            {"a status of 600", "HTTP/1.1 600 Odd\r\n\r\n"},
            {"two lengths", ok + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"},
            {"one length twice", ok + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}"},
            {"a length and chunks",
             ok + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"},
            {"a negative length", ok + "Content-Length: -2\r\n\r\n{}"},
            {"a length beyond all numbers", ok + "Content-Length: 99999999999999999999\r\n\r\n{}"},
            {"an unknown coding", ok + "Transfer-Encoding: gzip, chunked\r\n\r\n"},
            {"a folded line", ok + "X-Odd: a\r\n b\r\nContent-Length: 2\r\n\r\n{}"},
            {"a bare LF", ok + "X-Odd: a\nContent-Length: 2\r\n\r\n{}"},
            {"a bare CR: a split answer",
             ok + "X-Odd: a\rSet-Cookie: b\r\nContent-Length: 2\r\n\r\n{}"},
            {"a NUL", ok + "X-Odd: a\0b\r\nContent-Length: 2\r\n\r\n{}"s},
            {"a blank before the colon", ok + "X-Odd : a\r\nContent-Length: 2\r\n\r\n{}"},
            {"a head of 70 KB", ok + "X-Odd: " + std::string(70'000, 'x') + "\r\n\r\n"},
            {"a head that never ends", ok + many("X-Odd: " + std::string(1'000, 'x') + "\r\n", 80)},
            {"nine interim answers", many(hint, 9) + json_answer(R"({"choices":[]})")},
            {"101", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                    "Connection: Upgrade\r\n\r\n"},
            {"a compressed answer", json_answer("{}", "Content-Encoding: gzip\r\n"),
             "upstream_encoding"},
            {"a redirect",
             "HTTP/1.1 307 Temporary Redirect\r\nLocation: https://elsewhere.example/\r\n"
             "Content-Length: 0\r\n\r\n",
             "upstream_redirect"},
            {"a redirect within the host",
             "HTTP/1.1 302 Found\r\nLocation: /v1/other\r\nContent-Length: 0\r\n\r\n",
             "upstream_redirect"}};
}

void add_breaks(std::vector<scenario>& out, std::string const& where, std::string const& bytes) {
    for (bool stream : {true, false}) {
        for (auto what : {fault::close, fault::cut, fault::reset, fault::stall}) {
            bool stall = what == fault::stall;
            out.push_back({.name = fmt::format("head: {} {}{}", name_of(what), where,
                                               stream ? ", stream" : ""),
                           .around = {.soon = stall ? deadline::first_byte : deadline::none},
                           .stream = stream,
                           .instead = bytes,
                           .upstream = what,
                           .wanted = {.status = stall ? 504 : 502,
                                      .code = stall ? "upstream_timeout" : "upstream_reset"}});
        }
    }
}

} // namespace

std::vector<scenario> head_scenarios() {
    std::vector<scenario> out;
    add_breaks(out, "before any of it", "");
    add_breaks(out, "inside it", "HTTP/1.1 200 OK\r\nContent-Ty");
    add_breaks(out, "behind an interim one", "HTTP/1.1 103 Early Hints\r\n\r\n");
    for (auto const& one : bad_heads()) {
        bool redirect = one.code == std::string_view("upstream_redirect");
        for (bool stream : {true, false}) {
            out.push_back({.name = fmt::format("head: {}{}", one.name, stream ? ", stream" : ""),
                           .stream = stream,
                           .instead = one.bytes,
                           // Nothing more is needed to judge it; a redirect spoils no connection.
                           .upstream = redirect ? fault::none : fault::stall,
                           .wanted = {.status = 502, .code = one.code}});
        }
    }
    auto const body = R"({"choices":[]})";
    auto const hint = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
    out.push_back({.name = "head: eight interim answers are passed over",
                   .stream = false,
                   .instead = many(hint, 8) + json_answer(body),
                   .wanted = {.body = body}});
    out.push_back({.name = "head: byte by byte",
                   .stream = false,
                   .instead = json_answer(body),
                   .dribble = true,
                   .wanted = {.body = body}});
    return out;
}

} // namespace vertex_relay::tests
