// Whole answers that do not come whole. A short one is held until it is complete, so its end can be
// told by the status; of a long one the client has a part, and must see that it is only that.

#include "faults/scenario.hpp"
#include "net/scripted_origin.hpp"
#include "unit/http/wire.hpp"

#include <fmt/format.h>

namespace vertex_relay::tests {

namespace {

constexpr std::string_view head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
constexpr std::string_view half = R"({"choices":[{"message":{"content":"ha)";
constexpr std::string_view rest = R"(lf"}}]})";

struct place {
    std::string name;
    std::string bytes; ///< up to there, head included
    bool counted = true; ///< the framing tells the end; else the connection's end does
};

std::vector<place> places() {
    auto with_length = fmt::format("{}Content-Length: {}\r\n\r\n", head, half.size() + rest.size());
    auto with_chunks = fmt::format("{}Transfer-Encoding: chunked\r\n\r\n", head);
    auto until_close = fmt::format("{}Connection: close\r\n\r\n", head);
    auto whole = std::string(half) + std::string(rest);
    return {{"behind the head, with a length", with_length},
            {"in the middle, with a length", with_length + std::string(half)},
            {"one byte before the end", with_length + whole.substr(0, whole.size() - 1)},
            {"behind the head, in chunks", with_chunks},
            {"between two chunks", with_chunks + chunk(half)},
            {"inside a chunk", with_chunks + "ff\r\n" + std::string(half)},
            {"inside the size of a chunk", with_chunks + chunk(half) + "1"},
            {"before the last chunk", with_chunks + chunk(half) + chunk(rest)},
            {"inside the last chunk", with_chunks + chunk(whole) + "0\r\n"},
            {"behind the head, until the end", until_close, false},
            {"in the middle, until the end", until_close + std::string(half), false}};
}

/// Only TLS's own goodbye ends an answer without framing, and what it ends must be JSON.
std::string code_at(place const& where, fault what) {
    bool ended = !where.counted && what == fault::close;
    return ended                  ? "upstream_protocol_error"
           : what == fault::stall ? "upstream_timeout"
                                  : "upstream_reset";
}

/// Longer than what is held: the client has begun to read it.
void add_long(std::vector<scenario>& out) {
    std::string const text = R"({"choices":[")" + std::string(150'000, 'j');
    for (bool chunks : {false, true}) {
        auto framing = chunks ? std::string("Transfer-Encoding: chunked\r\n\r\n")
                              : fmt::format("Content-Length: {}\r\n\r\n", text.size() + 100);
        for (auto what : {fault::close, fault::cut, fault::reset, fault::stall}) {
            bool stall = what == fault::stall;
            out.push_back({.name = fmt::format("document: {} in a long one{}", name_of(what),
                                               chunks ? ", in chunks" : ""),
                           .around = {.soon = stall ? deadline::idle : deadline::none},
                           .stream = false,
                           .before = std::string(head) + framing + (chunks ? chunk(text) : text),
                           .seen = "jjj",
                           .upstream = what,
                           .wanted = {.complete = false,
                                      .cause = stall ? "upstream_timeout" : "upstream_reset"}});
        }
    }
}

/// However slow it is, it comes; and however slowly it broke, it is broken.
void add_slow(std::vector<scenario>& out) {
    auto whole = std::string(half) + std::string(rest);
    std::string chunks;
    for (char one : whole) {
        chunks += chunk(std::string(1, one));
    }
    for (auto const& [name, framing, bytes] :
         {std::tuple("", fmt::format("Content-Length: {}\r\n\r\n", whole.size()), whole),
          std::tuple(", each a chunk", std::string("Transfer-Encoding: chunked\r\n\r\n"),
                     chunks)}) {
        auto text = std::string(head) + framing + bytes;
        out.push_back({.name = fmt::format("document: byte by byte{}", name),
                       .stream = false,
                       .instead = text + (bytes == chunks ? "0\r\n\r\n" : ""),
                       .dribble = true,
                       .wanted = {.body = whole}});
        out.push_back({.name = fmt::format("document: cut behind slow bytes{}", name),
                       .stream = false,
                       .instead = text.substr(0, text.size() - 1),
                       .upstream = fault::cut,
                       .dribble = true,
                       .wanted = {.status = 502, .code = "upstream_reset"}});
    }
}

void add_odd_chunks(std::vector<scenario>& out) {
    auto with_chunks = fmt::format("{}Transfer-Encoding: chunked\r\n\r\n{}", head, chunk(half));
    for (auto const& [name, bytes] :
         {std::pair("no size", "zz\r\n"), std::pair("a size beyond all numbers",
                                                    "fffffffffffffffff\r\n"),
          std::pair("a bare LF", "3\nabc\r\n"), std::pair("more than announced", "1\r\nabc\r\n")}) {
        out.push_back({.name = fmt::format("document: a chunk with {}", name),
                       .stream = false,
                       .instead = with_chunks + bytes,
                       .upstream = fault::stall,
                       .wanted = {.status = 502, .code = "upstream_protocol_error"}});
    }
}

} // namespace

std::vector<scenario> document_scenarios() {
    std::vector<scenario> out;
    for (auto const& where : places()) {
        for (auto what : {fault::close, fault::cut, fault::reset, fault::stall}) {
            bool stall = what == fault::stall;
            out.push_back({.name = fmt::format("document: {} {}", name_of(what), where.name),
                           .around = {.soon = stall ? deadline::idle : deadline::none},
                           .stream = false,
                           .instead = where.bytes,
                           .upstream = what,
                           .wanted = {.status = stall ? 504 : 502, .code = code_at(where, what)}});
        }
    }
    add_odd_chunks(out);
    add_slow(out);
    add_long(out);
    return out;
}

} // namespace vertex_relay::tests
