// The relay's promise: whatever the framing, the chunk layout and the reads, the client gets the
// same bytes, in whole events.

#include "unit/http/relayed.hpp"
#include "unit/http/streams.hpp"
#include "unit/http/wire.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay;
using namespace vertex_relay::tests;
using core::body_framing;

namespace {

void check(relayed const& out, std::string_view text) {
    REQUIRE(out.text == text);
    REQUIRE(out.valid);
    REQUIRE(out.whole_events);
    REQUIRE(out.complete);
    REQUIRE(out.ended_well);
    REQUIRE_FALSE(out.lacks_done);
    REQUIRE_FALSE(out.broken);
    REQUIRE(out.may_insert);
}

} // namespace

TEST_CASE("chunked streams pass unchanged through every split", "[http][relay]") {
    auto stream = GENERATE(text_stream, tool_stream, mixed_stream);
    auto line_end = GENERATE(values<std::string_view>({"\n", "\r\n"}));
    bool chunked_downstream = GENERATE(true, false);
    auto sizes = GENERATE(values<std::vector<std::size_t>>({{100'000}, {64}, {7, 90, 1, 300}}));
    auto text = with_line_ends(stream, line_end);
    for_each_split(chunked(text, sizes), [&](auto const& pieces) {
        check(run({.chunked_downstream = chunked_downstream}, pieces), text);
    });
}

TEST_CASE("one chunk for each event passes through every split", "[http][relay]") {
    std::string wire;
    std::string_view rest = tool_stream;
    while (!rest.empty()) {
        auto end = rest.find("\n\n") + 2;
        wire += chunk(rest.substr(0, end));
        rest.remove_prefix(end);
    }
    wire += "0\r\n\r\n";
    for_each_split(wire, [&](auto const& pieces) { check(run({}, pieces), tool_stream); });
}

TEST_CASE("streams framed by length or by the end pass through every split", "[http][relay]") {
    auto stream = GENERATE(text_stream, mixed_stream);
    bool chunked_downstream = GENERATE(true, false);
    relay_setup length{.framing = body_framing::length, .content_length = stream.size(),
                       .chunked_downstream = chunked_downstream};
    relay_setup until_close{.framing = body_framing::until_close,
                            .chunked_downstream = chunked_downstream};
    for_each_split(stream, [&](auto const& pieces) {
        check(run(length, pieces), stream);
        check(run(until_close, pieces), stream);
    });
}

TEST_CASE("random chunks and reads change nothing", "[http][relay]") {
    std::mt19937 random(19);
    std::uniform_int_distribution<std::size_t> size(1, 400);
    for (int round = 0; round < 3000; ++round) {
        auto text = with_line_ends(round % 2 ? mixed_stream : tool_stream,
                                   round % 3 ? "\n" : "\r\n");
        auto wire = chunked(text, {size(random), size(random), size(random)});
        check(run({}, random_pieces(wire, size(random) % 20, random)), text);
    }
}

TEST_CASE("streams of CR alone arrive whole", "[http][relay]") {
    auto text = with_line_ends(text_stream, "\r");
    for_each_split(chunked(text, {90, 11}), [&](auto const& pieces) {
        auto out = run({}, pieces);
        REQUIRE(out.text.starts_with(text));
        REQUIRE(out.text.find_first_not_of("\r\n", text.size()) == std::string::npos);
        REQUIRE(out.valid);
        REQUIRE(out.ended_well);
        REQUIRE_FALSE(out.lacks_done);
    });
}

TEST_CASE("a read of whole chunks and whole events goes out from where it stands",
          "[http][relay]") {
    core::response_head head;
    head.framing = body_framing::chunked;
    core::event_relay relay(head, true, 1 << 20);
    auto wire = GENERATE(values<std::string>(
        {chunk("data: a\n\n"), chunk("data: a\n\ndata: b\n\n") + chunk("data: c\n\n"),
         chunk("data: ") + chunk("a\n\n"), "9;ext=1\r\ndata: a\n\n\r\n"}));
    for (int round = 0; round < 3; ++round) {
        auto read = wire;
        auto out = relay.feed(read);
        CHECK(out.parts[0].data() == read.data());
        CHECK(out.size() == read.size());
        CHECK(read == wire); // nothing was moved
    }
}

TEST_CASE("a read that ends elsewhere is re-framed, and verbatim starts again behind it",
          "[http][relay]") {
    core::response_head head;
    head.framing = body_framing::chunked;
    core::event_relay relay(head, true, 1 << 20);
    auto feed = [&](std::string read) {
        auto out = relay.feed(read);
        std::string bytes;
        for (auto part : out.parts) {
            bytes += part;
        }
        return std::pair(bytes, !bytes.empty() && out.parts[0].data() == read.data());
    };
    CHECK(feed(chunk("data: a\n\ndata: b")) == std::pair(chunk("data: a\n\n"), false));
    CHECK(feed(chunk("\n")) == std::pair(std::string(), false));
    CHECK(feed(chunk("\n")) == std::pair(chunk("data: b\n\n"), false));
    CHECK(feed(chunk("data: c\n\n")) == std::pair(chunk("data: c\n\n"), true));
    CHECK(feed("9\r\ndata: d\n\n\r") == std::pair(chunk("data: d\n\n"), false));
    CHECK(feed("\n" + chunk("data: e\n\n")) == std::pair(chunk("data: e\n\n"), false));
    CHECK(feed(chunk("data: f\n\n")) == std::pair(chunk("data: f\n\n"), true));
    CHECK(feed(chunk("data: g\n\n") + "0\r\n\r\n") == std::pair(chunk("data: g\n\n"), false));
    CHECK(relay.complete());
}

TEST_CASE("nothing is verbatim where the framings differ", "[http][relay]") {
    std::string text = "data: a\n\ndata: b\n\n";
    CHECK(run({.chunked_downstream = false}, {chunk(text), "0\r\n\r\n"}).verbatim == 0);
    relay_setup length{.framing = body_framing::length, .content_length = text.size()};
    auto out = run(length, {text});
    CHECK(out.verbatim == 0);
    CHECK(out.text == text);
    auto both = run({}, {chunk(text), chunk(text), "0\r\n\r\n"});
    CHECK(both.verbatim == 2);
}

TEST_CASE("ten thousand events arrive byte for byte", "[http][relay]") {
    std::string text;
    for (int i = 0; i < 10'000; ++i) {
        text += R"(data: {"choices":[{"delta":{"content":")" + std::to_string(i) + "\"}}]}\n\n";
    }
    text += "data: [DONE]\n\n";
    auto sizes = GENERATE(values<std::vector<std::size_t>>({{47}, {16'384}, {3, 5000, 40}}));
    auto read = GENERATE(as<std::size_t>{}, 61, 4096, 65'536);
    auto wire = chunked(text, sizes);
    std::vector<std::string> pieces;
    for (std::size_t at = 0; at < wire.size(); at += read) {
        pieces.push_back(wire.substr(at, read));
    }
    check(run({}, std::move(pieces)), text);
}
