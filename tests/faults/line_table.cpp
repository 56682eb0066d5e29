// Kept connections that have gone bad, and clients that leave.

#include "faults/scenario.hpp"
#include "net/scripted_origin.hpp"
#include "unit/http/wire.hpp"

#include <fmt/format.h>

namespace vertex_relay::tests {

namespace {

std::string const answer = R"({"choices":[]})";

struct departure {
    char const* name;
    fault how;
    bool half_close = false;
};

constexpr departure departures[] = {{"closes", fault::close},
                                    {"resets", fault::reset},
                                    {"says FIN and reads on", fault::none, true}};

void add_departure(std::vector<scenario>& out, departure const& how, scenario one) {
    one.name = fmt::format("client: {} {}", how.name, one.name);
    one.client = how.how;
    one.half_close = how.half_close;
    one.upstream = fault::stall;
    one.wanted.status = how.half_close && !one.seen.empty() ? 200 : 0;
    if (one.wanted.status == 0) {
        one.wanted.body.reset();
    }
    one.wanted.complete = false;
    one.wanted.logged = 499;
    one.wanted.cause = "client_gone";
    out.push_back(std::move(one));
}

} // namespace

std::vector<scenario> reuse_scenarios() {
    std::vector<scenario> out;
    // Whatever happened to it while idle, the request is served by another one.
    for (auto what : {fault::close, fault::cut, fault::reset}) {
        out.push_back({.name = fmt::format("reuse: {} while idle", name_of(what)),
                       .stream = false,
                       .reused = true,
                       .upstream = what,
                       .wanted = {.body = answer}});
    }
    out.push_back({.name = "reuse: bytes nobody asked for while idle",
                   .stream = false,
                   .reused = true,
                   .instead = json_answer(R"({"choices":["forged"]})"),
                   .wanted = {.body = answer}});
    // An answer that has begun is not asked for again.
    for (auto what : {fault::close, fault::cut, fault::reset}) {
        out.push_back({.name = fmt::format("reuse: {} inside the next head", name_of(what)),
                       .stream = false,
                       .reused = true,
                       .before = "HTTP/1.1 2",
                       .upstream = what,
                       .wanted = {.status = 502, .code = "upstream_reset"}});
    }
    // Silence is no sign of a stale connection: the request may be at work.
    out.push_back({.name = "reuse: stall before the next head",
                   .around = {.soon = deadline::first_byte},
                   .stream = false,
                   .reused = true,
                   .upstream = fault::stall,
                   .wanted = {.status = 504, .code = "upstream_timeout", .requests = 0}});
    out.push_back({.name = "reuse: stall inside the next head",
                   .around = {.soon = deadline::first_byte},
                   .stream = false,
                   .reused = true,
                   .before = "HTTP/1.1 2",
                   .upstream = fault::stall,
                   .wanted = {.status = 504, .code = "upstream_timeout"}});
    out.push_back({.name = "reuse: stall in the next document",
                   .around = {.soon = deadline::idle},
                   .stream = false,
                   .reused = true,
                   .before = json_answer(answer).substr(0, json_answer(answer).size() - 1),
                   .upstream = fault::stall,
                   .wanted = {.status = 504, .code = "upstream_timeout"}});
    return out;
}

std::vector<scenario> client_scenarios() {
    std::vector<scenario> out;
    auto const begun = text_event("begun");
    auto const whole = json_answer(answer);
    auto const short_document = whole.substr(0, whole.size() - 1);
    auto const long_document = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                               "Content-Length: 200000\r\n\r\n" + std::string(150'000, 'j');
    for (auto const& how : departures) {
        add_departure(out, how, {.name = "before the head, stream"});
        add_departure(out, how, {.name = "before the head", .stream = false});
        add_departure(out, how, {.name = "while its body is sent on",
                                 .stream = false,
                                 .large = true,
                                 .wanted = {.requests = 0}});
        add_departure(out, how, {.name = "behind the head of a stream",
                                 .before = stream_head(),
                                 .seen = "\r\n\r\n",
                                 .wanted = {}});
        add_departure(out, how, {.name = "behind an event",
                                 .before = stream_head() + chunk(begun),
                                 .seen = begun,
                                 .wanted = {.body = begun}});
        add_departure(out, how, {.name = "inside an event",
                                 .before = stream_head() + chunk(begun + begun.substr(0, 20)),
                                 .seen = begun,
                                 .wanted = {.body = begun}});
        add_departure(out, how, {.name = "in a short document",
                                 .stream = false,
                                 .before = short_document});
        add_departure(out, how, {.name = "in a long document",
                                 .stream = false,
                                 .before = long_document,
                                 .seen = "jjj"});
    }
    return out;
}

} // namespace vertex_relay::tests
