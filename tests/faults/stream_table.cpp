// Streams that break: what the client has are whole events, then an error event says why, and the
// last chunk never comes.

#include "faults/scenario.hpp"
#include "net/scripted_origin.hpp"
#include "unit/http/wire.hpp"

#include <fmt/format.h>

namespace vertex_relay::tests {

namespace {

struct moment {
    std::string name;
    std::string wire;  ///< behind the head, up to there
    std::string whole; ///< the events that must have come through
    bool between_chunks = true;
};

std::string tool_event(std::string_view arguments) {
    return fmt::format(R"(data: {{"choices":[{{"delta":{{"tool_calls":[{{"index":0,"id":"call-1",)"
                       R"("type":"function","function":{{"name":"look","arguments":"{}"}}}}]}},)"
                       R"("index":0}}]}})",
                       arguments) +
           "\n\n";
}

std::vector<moment> moments() {
    auto const text = text_event("begun");
    auto const tool = tool_event(R"({\"where\":)");
    auto const finish = final_events().substr(0, final_events().find("data: [DONE]"));
    auto const all = text + final_events();
    return {{"behind the head", "", ""},
            {"behind an event", chunk(text), text},
            {"inside an event", chunk(text) + chunk(text.substr(0, 30)), text},
            {"inside a chunk", chunk(text) + "ff\r\n" + text.substr(0, 30), text, false},
            {"inside the size of a chunk", chunk(text) + "1", text, false},
            {"behind a part of a tool call", chunk(text) + chunk(tool), text + tool},
            {"inside a part of a tool call", chunk(text) + chunk(tool + tool.substr(0, 90)),
             text + tool},
            {"behind the finish reason", chunk(text) + chunk(finish), text + finish},
            {"behind [DONE]", chunk(all), all},
            {"inside the last chunk", chunk(all) + "0\r\n", all, false}};
}

void add_breaks(std::vector<scenario>& out, moment const& at) {
    for (auto what : {fault::close, fault::cut, fault::reset, fault::stall}) {
        bool stall = what == fault::stall;
        out.push_back({.name = fmt::format("stream: {} {}", name_of(what), at.name),
                       .around = {.soon = stall ? deadline::idle : deadline::none},
                       .before = stream_head() + at.wire,
                       .seen = at.whole,
                       .upstream = what,
                       .wanted = {.code = stall ? "upstream_timeout" : "upstream_reset",
                                  .body = at.whole,
                                  .complete = false}});
    }
}

struct odd_piece {
    char const* name;
    std::string bytes; ///< on the wire
    char const* code;
    bool inside_event = true; ///< wrong inside an event, too
};

/// What may come instead of the next event.
std::vector<odd_piece> odd_pieces() {
    auto const error = R"({"error":{"code":503,"message":"Gone.","status":"UNAVAILABLE"}})";
    return {{"garbage", "\x01\x02 no chunk\r\n", "upstream_protocol_error"},
            {"a size beyond all numbers", "fffffffffffffffff\r\n", "upstream_protocol_error"},
            {"an event above the limit", chunk("data: " + std::string(300'000, 'x')),
             "event_too_large"},
            {"an error out of band", chunk(error), "upstream_unavailable", false},
            {"an error in a list", chunk(fmt::format("[{}]", error)), "upstream_unavailable",
             false},
            {"an error event", chunk(fmt::format("data: {}\n\n", error)), "upstream_unavailable",
             false},
            {"a clean end", std::string(last_chunk), "stream_incomplete"}};
}

void add_odd_pieces(std::vector<scenario>& out, moment const& at) {
    bool inside = at.name.starts_with("inside");
    bool finished = at.whole.find("finish_reason\":\"stop") != std::string::npos;
    for (auto const& piece : odd_pieces()) {
        bool fine = finished && piece.bytes == last_chunk;
        if (fine || (inside && !piece.inside_event)) {
            continue;
        }
        bool foreign = piece.bytes.find("UNAVAILABLE") != std::string::npos;
        out.push_back({.name = fmt::format("stream: {} {}", piece.name, at.name),
                       .before = stream_head() + at.wire,
                       .seen = at.whole,
                       .instead = piece.bytes + (foreign ? std::string(last_chunk) : ""),
                       .upstream = fault::stall,
                       .wanted = {.code = piece.code, .body = at.whole, .complete = false}});
    }
}

/// What is not a fault, however odd it looks.
void add_good_ends(std::vector<scenario>& out) {
    auto const all = text_event("begun") + final_events();
    auto const finish = all.substr(0, all.find("data: [DONE]"));
    auto const done = std::string(last_chunk);
    out.push_back({.name = "stream: no [DONE] behind the finish reason",
                   .instead = stream_head() + chunk(finish) + done,
                   .wanted = {.body = all}});
    for (auto const& [name, more] :
         {std::pair("an event", text_event("late")),
          std::pair("an error", std::string(R"({"error":{"code":500,"message":"Late."}})")),
          std::pair("another [DONE]", std::string("data: [DONE]\n\n"))}) {
        out.push_back({.name = fmt::format("stream: {} behind [DONE] is dropped", name),
                       .instead = stream_head() + chunk(all) + chunk(more) + done,
                       .wanted = {.body = all}});
        out.push_back({.name = fmt::format("stream: {} in one chunk with [DONE] is dropped", name),
                       .instead = stream_head() + chunk(all + more) + done,
                       .wanted = {.body = all}});
    }
    out.push_back({.name = "stream: byte by byte",
                   .instead = stream_head() + chunk(all) + done,
                   .dribble = true,
                   .wanted = {.body = all}});
    for (auto what : {fault::cut, fault::reset, fault::stall}) {
        auto const text = text_event("begun");
        out.push_back({.name = fmt::format("stream: {} behind slow bytes", name_of(what)),
                       .around = {.soon = what == fault::stall ? deadline::idle : deadline::none},
                       .before = stream_head() + chunk(text + text.substr(0, 30)),
                       .seen = text,
                       .upstream = what,
                       .dribble = true,
                       .wanted = {.code = what == fault::stall ? "upstream_timeout"
                                                               : "upstream_reset",
                                  .body = text,
                                  .complete = false}});
    }
    out.push_back({.name = "stream: until the connection's orderly end",
                   .instead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + all,
                   .upstream = fault::close,
                   .wanted = {.body = all}});
    for (auto what : {fault::cut, fault::reset}) {
        out.push_back({.name = fmt::format("stream: without framing, {} behind [DONE]",
                                           name_of(what)),
                       .before = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + all,
                       .seen = all,
                       .upstream = what,
                       .wanted = {.code = "upstream_reset", .body = all, .complete = false}});
    }
}

} // namespace

std::vector<scenario> stream_scenarios() {
    std::vector<scenario> out;
    for (auto const& at : moments()) {
        add_breaks(out, at);
        bool behind_done = at.whole.find("[DONE]") != std::string::npos;
        if (at.between_chunks && !behind_done) {
            add_odd_pieces(out, at);
        }
    }
    add_good_ends(out);
    return out;
}

} // namespace vertex_relay::tests
