// How a stream may end, and that a failure is never dressed as success.

#include "unit/http/relayed.hpp"
#include "unit/http/streams.hpp"
#include "unit/http/wire.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay;
using namespace vertex_relay::tests;
using core::body_framing;

namespace {

constexpr std::string_view one_event = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";
constexpr std::string_view last_event =
    "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";

} // namespace

TEST_CASE("a cut chunked stream never ends well, wherever it is cut", "[http][relay][end]") {
    bool orderly = GENERATE(true, false);
    auto wire = chunked(text_stream, {90, 300});
    for (std::size_t size = 0; size < wire.size(); ++size) {
        CAPTURE(size);
        auto out = run({.orderly = orderly}, {wire.substr(0, size)});
        REQUIRE_FALSE(out.complete);
        REQUIRE_FALSE(out.ended_well);
        REQUIRE(out.broken);
        REQUIRE(out.broken->code == "upstream_reset");
        REQUIRE(out.broken->status == 502);
        REQUIRE(out.valid);
        REQUIRE(out.may_insert);
        REQUIRE((out.text.empty() || out.text.ends_with("\n\n")));
        REQUIRE(text_stream.starts_with(out.text));
    }
}

TEST_CASE("a stream cut inside an event is incomplete, even if its framing is complete",
          "[http][relay][end]") {
    // The cut leaves the finish reason in sight and the event unfinished.
    std::string text = std::string(one_event) + std::string(last_event);
    auto framing = GENERATE(body_framing::chunked, body_framing::until_close, body_framing::length);
    for (std::size_t size = one_event.size() + 1; size <= text.size() - 2; ++size) {
        CAPTURE(size);
        auto cut = text.substr(0, size);
        auto wire = framing == body_framing::chunked ? chunked(cut, {100'000}) : cut;
        auto out = run({.framing = framing, .content_length = size}, {wire});
        REQUIRE_FALSE(out.ended_well);
        REQUIRE(out.text == one_event);
    }
}

TEST_CASE("a last event that lacks only its blank line is finished", "[http][relay][end]") {
    auto ending = GENERATE(values<std::string>({"\n", "\r\n"}));
    auto text = std::string(one_event) + std::string(last_event.substr(0, last_event.size() - 2));
    auto out = run({.framing = body_framing::until_close}, {text + ending});
    CHECK(out.ended_well);
    CHECK(out.lacks_done);
    CHECK(out.text == text + ending + "\n\n");
    auto done = run({}, {chunked(std::string(last_event) + "data: [DONE]", {100})});
    CHECK(done.ended_well);
    CHECK_FALSE(done.lacks_done);
    CHECK(done.text == std::string(last_event) + "data: [DONE]\n\n");
}

TEST_CASE("an end without [DONE] is fine after a finish reason only", "[http][relay][end]") {
    auto good = run({}, {chunked(std::string(one_event) + std::string(last_event), {50})});
    CHECK(good.ended_well);
    CHECK(good.lacks_done);
    auto bad = run({}, {chunked(one_event, {50})});
    CHECK(bad.complete);
    CHECK_FALSE(bad.ended_well);
    CHECK_FALSE(bad.broken);
    auto nothing = run({}, {"0\r\n\r\n"});
    CHECK(nothing.complete);
    CHECK_FALSE(nothing.ended_well);
    CHECK_FALSE(run({.framing = body_framing::until_close}, {}).ended_well);
    CHECK_FALSE(run({.framing = body_framing::until_close, .orderly = false},
                    {std::string(text_stream)})
                    .ended_well);
}

TEST_CASE("nothing behind [DONE] is passed on, through every split", "[http][relay][end]") {
    auto line_end = GENERATE(values<std::string>({"\n", "\r\n", "\r"}));
    auto downstream = GENERATE(true, false);
    auto good = with_line_ends(text_stream, line_end);
    for (std::string extra : {"data: {\"choices\":[]}\n\n", "{\"error\":{\"code\":500}}",
                              "data: [DONE]\n\n", ": bye\n\n", "x", "\r\n"}) {
        CAPTURE(extra, line_end);
        auto wire = chunked(good + extra, {1'000'000});
        auto whole = run({.chunked_downstream = downstream}, {wire});
        CHECK(whole.text == good);
        CHECK(whole.ended_well);
        CHECK_FALSE(whole.lacks_done);
        for (auto at = wire.size() - extra.size() - 20; at < wire.size(); ++at) {
            auto out = run({.chunked_downstream = downstream},
                           {wire.substr(0, at), wire.substr(at)});
            CAPTURE(at);
            CHECK(out.text == good);
            CHECK(out.ended_well);
            CHECK(out.valid);
        }
    }
}

TEST_CASE("events in chunks of their own behind [DONE] are dropped", "[http][relay][end]") {
    auto extra = chunk("data: {\"choices\":[]}\n\n");
    auto out = run({}, {chunk(text_stream) + extra, extra, "0\r\n\r\n"});
    CHECK(out.text == text_stream);
    CHECK(out.ended_well);
}

TEST_CASE("an error out of band is collected, not sent", "[http][relay][end]") {
    auto error = GENERATE(values<std::string>(
        {"{\n  \"error\": {\n    \"code\": 499,\n"
         "    \"message\": \"The operation was cancelled.\",\n"
         "    \"status\": \"CANCELLED\"\n  }\n}\n",
         "[{\n  \"error\": {\n    \"code\": 429\n\n  }\n}\n]\n"}));
    auto wire = chunked(std::string(one_event) + error, {37, 64});
    for_each_split(wire, [&](auto const& pieces) {
        auto out = run({}, pieces);
        REQUIRE(out.text == one_event);
        REQUIRE(out.foreign == error);
        REQUIRE_FALSE(out.ended_well);
        REQUIRE(out.may_insert);
    });
    auto only = run({.framing = body_framing::until_close}, {error});
    CHECK(only.text.empty());
    CHECK(only.foreign == error);
    CHECK_FALSE(only.ended_well);
}

TEST_CASE("an error in an event of its own ends the stream", "[http][relay][end]") {
    std::string error = R"({"error":{"code":503,"message":"boo"}})";
    auto text = std::string(one_event) + "data: " + error + "\r\n\r\ndata: [DONE]\n\n";
    auto wire = chunked(text, {40, 200});
    for (std::size_t size = 0; size < wire.size(); ++size) {
        CAPTURE(size);
        auto out = run({}, {wire.substr(0, size), wire.substr(size)});
        REQUIRE(out.text == one_event);
        REQUIRE(out.foreign == error);
        REQUIRE(out.broken);
        REQUIRE_FALSE(out.ended_well);
        REQUIRE(out.may_insert);
    }
}

TEST_CASE("every choice that was asked for must finish", "[http][relay][end]") {
    std::size_t choices = GENERATE(1U, 2U, 3U);
    std::string text = std::string(one_event) + std::string(last_event) + std::string(last_event);
    auto cut = run({.choices = choices}, {chunked(text, {1000})});
    CHECK(cut.ended_well == (choices <= 2));
    auto done = run({.choices = choices}, {chunked(text + "data: [DONE]\n\n", {1000})});
    CHECK(done.ended_well);
}

TEST_CASE("a malformed chunk breaks the stream behind its whole events", "[http][relay][end]") {
    auto out = run({}, {chunk(one_event) + "zz\r\n", chunk(one_event)});
    CHECK(out.text == one_event);
    REQUIRE(out.broken);
    CHECK(out.broken->code == "upstream_protocol_error");
    CHECK_FALSE(out.ended_well);
    CHECK(out.may_insert);
}

TEST_CASE("an event above 256 KiB flows as it arrives", "[http][relay][large]") {
    bool chunked_downstream = GENERATE(true, false);
    std::string image = "data: {\"image\":\"" + std::string(700'000, 'A') + "\"}\n\n";
    auto text = std::string(one_event) + image + std::string(text_stream);
    std::vector<std::string> pieces;
    auto wire = chunked(text, {16'384});
    for (std::size_t at = 0; at < wire.size(); at += 20'000) {
        pieces.push_back(wire.substr(at, 20'000));
    }
    auto out = run({.chunked_downstream = chunked_downstream}, pieces);
    CHECK(out.text == text);
    CHECK(out.valid);
    CHECK(out.ended_well);
    auto cut = run({.chunked_downstream = chunked_downstream},
                   {pieces.begin(), pieces.begin() + 20});
    CHECK_FALSE(cut.may_insert);
    CHECK_FALSE(cut.ended_well);
    CHECK(cut.text.size() > 300'000);
    CHECK(text.starts_with(cut.text));
    auto early = run({.chunked_downstream = chunked_downstream},
                     {pieces.begin(), pieces.begin() + 10});
    CHECK(early.may_insert);
    CHECK(early.text == one_event);
}

TEST_CASE("an event above the limit breaks the stream", "[http][relay][large]") {
    std::string huge = "data: " + std::string(900'000, 'A');
    auto text = std::string(one_event) + huge;
    auto wire = chunked(text, {8192});
    std::vector<std::string> pieces;
    for (std::size_t at = 0; at < wire.size(); at += 10'000) {
        pieces.push_back(wire.substr(at, 10'000));
    }
    auto held = run({.event_bytes_max = 100'000}, pieces);
    REQUIRE(held.broken);
    CHECK(held.broken->code == "event_too_large");
    CHECK(held.text == one_event);
    CHECK(held.may_insert);
    auto flowing = run({.event_bytes_max = 500'000}, pieces);
    REQUIRE(flowing.broken);
    CHECK(flowing.broken->code == "event_too_large");
    CHECK_FALSE(flowing.may_insert);
    CHECK(flowing.text.size() <= one_event.size() + 500'000);
    auto foreign = run({.event_bytes_max = 100'000}, {chunk("{" + std::string(200'000, ' '))});
    CHECK(foreign.broken);
    CHECK(foreign.text.empty());
}

TEST_CASE("whole events before one that is too large still arrive", "[http][relay][large]") {
    auto out = run({.event_bytes_max = 100},
                   {chunk(std::string(one_event) + "data: " + std::string(200, 'A'))});
    REQUIRE(out.broken);
    CHECK(out.text == one_event);
}

TEST_CASE("bytes behind the body are noticed and not relayed", "[http][relay][end]") {
    core::response_head head;
    head.framing = body_framing::chunked;
    for (std::string_view extra : {"", "H", "HTTP/1.1 200 OK\r\n\r\n"}) {
        CAPTURE(extra);
        core::event_relay relay(head, true, 1 << 20);
        auto read = chunked(text_stream, {100'000}) + std::string(extra);
        auto out = relay.feed(read);
        CHECK(out.size() == chunk(text_stream).size());
        CHECK(relay.complete());
        CHECK(relay.ends_exactly() == extra.empty());
    }
}

TEST_CASE("our own text is framed like the rest", "[http][relay]") {
    CHECK(core::frame_text("abc", true) == "3\r\nabc\r\n");
    CHECK(core::frame_text("abc", false) == "abc");
    CHECK(core::frame_text(std::string(16, 'x'), true) == "10\r\n" + std::string(16, 'x') + "\r\n");
}
