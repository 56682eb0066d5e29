// Where events end, through every split, and what is read in passing.

#include "core/http/event_scan.hpp"
#include "unit/http/streams.hpp"
#include "unit/http/wire.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using namespace vertex_relay::tests;

namespace {

/// The largest boundary reported, as an offset into the whole text.
std::size_t last_boundary(event_scan& scan, std::vector<std::string> const& pieces) {
    std::size_t offset = 0;
    std::size_t boundary = 0;
    for (auto const& piece : pieces) {
        if (auto at = scan.feed(piece)) {
            boundary = offset + *at;
        }
        offset += piece.size();
    }
    return boundary;
}

event_scan scanned(std::string_view text) {
    event_scan scan;
    scan.feed(text);
    return scan;
}

} // namespace

TEST_CASE("an event ends behind its blank line", "[http][events]") {
    struct row {
        std::string_view text;
        std::size_t boundary;
        bool at_boundary;
    };
    auto line = GENERATE(row{"", 0, true}, row{"data: a", 0, false}, row{"data: a\n", 0, false},
                         row{"data: a\n\n", 9, true}, row{"data: a\r\n\r\n", 11, true},
                         row{"data: a\r\n\r", 0, false}, row{"data: a\n\r\n", 10, true},
                         row{"data: a\n\ndata: b", 9, false}, row{": c\n\n", 5, true},
                         row{"\n", 1, true}, row{"\n\n\n", 3, true}, row{"a\n\nb\n\nc\n", 6, false},
                         row{"data: a\r\rdata: b", 9, false}, row{"data: a\r\r\n", 10, true},
                         row{"data: a\r\n\n", 10, true}, row{"\r\n\r\n", 4, true});
    CAPTURE(line.text);
    event_scan scan;
    CHECK(scan.feed(line.text).value_or(0) == line.boundary);
    CHECK(scan.at_boundary() == line.at_boundary);
}

TEST_CASE("boundaries do not depend on the split", "[http][events]") {
    auto stream = GENERATE(text_stream, tool_stream, mixed_stream);
    auto line_end = GENERATE(values<std::string_view>({"\n", "\r\n"}));
    auto text = with_line_ends(stream, line_end);
    for_each_split(text, [&](auto const& pieces) {
        event_scan scan;
        REQUIRE(last_boundary(scan, pieces) == text.size());
        REQUIRE(scan.at_boundary());
        REQUIRE(scan.done());
        REQUIRE(scan.finishes() == 1);
        REQUIRE_FALSE(scan.foreign());
    });
}

TEST_CASE("a CR alone ends an event as soon as no LF can belong to it", "[http][events]") {
    std::string text = "data: a\r\rdata: b\r\r: c";
    for_each_split(text, [&](auto const& pieces) {
        event_scan scan;
        REQUIRE(last_boundary(scan, pieces) == text.size() - 3);
        REQUIRE_FALSE(scan.at_boundary());
    });
}

TEST_CASE("a boundary is never inside an event", "[http][events]") {
    std::mt19937 random(3);
    std::string text(mixed_stream);
    for (int round = 0; round < 2000; ++round) {
        event_scan scan;
        std::size_t offset = 0;
        for (auto const& piece : random_pieces(text, 5, random)) {
            if (auto at = scan.feed(piece)) {
                auto before = std::string_view(text).substr(0, offset + *at);
                REQUIRE((before.ends_with("\n\n")));
            }
            offset += piece.size();
        }
    }
}

TEST_CASE("usage is read from the last event that has it", "[http][events]") {
    auto split = [](std::string_view stream, auto visit) { for_each_split(stream, visit); };
    split(text_stream, [](auto const& pieces) {
        event_scan scan;
        last_boundary(scan, pieces);
        REQUIRE(scan.usage());
        REQUIRE(scan.usage()->input == 14);
        REQUIRE(scan.usage()->output == 131);
    });
    auto tools = scanned(tool_stream).usage();
    REQUIRE(tools);
    CHECK(tools->input == 27);
    CHECK(tools->output == 45);
    CHECK_FALSE(scanned(mixed_stream).usage());
}

TEST_CASE("usage is found or not, never guessed", "[http][events]") {
    CHECK_FALSE(find_usage(""));
    CHECK_FALSE(find_usage(R"({"usage":null})"));
    CHECK_FALSE(find_usage(R"({"usage":{}})"));
    CHECK_FALSE(find_usage(R"({"usage":{"prompt_tokens":-1}})"));
    CHECK_FALSE(find_usage(R"({"content":"\"usage\":{\"prompt_tokens\":5}"})"));
    auto spaced =
        find_usage("{ \"usage\" : { \"prompt_tokens\" : 5,\r\n\"completion_tokens\":\t6 } }");
    REQUIRE(spaced);
    CHECK(spaced->input == 5);
    CHECK(spaced->output == 6);
    auto half = find_usage(R"({"usage":{"prompt_tokens":5}})");
    REQUIRE(half);
    CHECK(half->output == 0);
    CHECK_FALSE(find_usage(R"({"usage":{"prompt_tokens":99999999999999999999999}})"));
}

TEST_CASE("a finish reason is told from its absence", "[http][events]") {
    auto finished = [](std::string_view data) {
        return scanned("data: " + std::string(data) + "\n\n").finishes() == 1;
    };
    CHECK(finished(R"({"choices":[{"delta":{},"finish_reason":"stop"}]})"));
    CHECK(finished(R"({"choices":[{"delta":{}, "finish_reason": "stop"}]})"));
    CHECK(finished(R"({"choices":[{"delta":{},"finish_reason" : "tool_calls"}]})"));
    CHECK_FALSE(finished(R"({"choices":[{"delta":{},"finish_reason":null}]})"));
    CHECK_FALSE(finished(R"({"choices":[{"delta":{},"finish_reason": null}]})"));
    CHECK_FALSE(finished(R"({"choices":[{"delta":{"content":"\"finish_reason\":\"stop\""}}]})"));
    CHECK_FALSE(finished(R"({"choices":[{"delta":{"content":"x"}}]})"));
}

TEST_CASE("each choice has its finish reason", "[http][events]") {
    auto scan = scanned(R"(data: {"choices":[{"index":0,"finish_reason":"stop"},)"
                        R"({"index":1,"finish_reason":null},{"index":2,"finish_reason":"length"}]})"
                        "\n\n");
    CHECK(scan.finishes() == 2);
}

TEST_CASE("an error as an event's data is foreign, through every split", "[http][events]") {
    auto error = GENERATE(values<std::string_view>(
        {R"(data: {"error":{"code":503,"message":"boo"}})", R"(data:{ "error" : "text"})"}));
    std::string before = "data: {\"a\":1}\n\n";
    auto text = before + std::string(error) + "\n\ndata: [DONE]\n\n";
    for_each_split(text, [&](auto const& pieces) {
        event_scan scan;
        REQUIRE(last_boundary(scan, pieces) == before.size());
        REQUIRE(scan.failed());
        REQUIRE(scan.foreign());
    });
    for (auto harmless : {R"({"error":null,"choices":[]})", R"({"choices":[],"error":{}})",
                          R"({"errors":{}})", R"(["error"])"}) {
        CHECK_FALSE(scanned("data: " + std::string(harmless) + "\n\n").failed());
    }
}

TEST_CASE("usage alone is no end: some send it with every event", "[http][events]") {
    auto scan = scanned(R"(data: {"choices":[{"delta":{"content":"a"}}],"usage":{"completion_tokens":1,"prompt_tokens":2,"total_tokens":3}})"
                        "\n\n");
    CHECK(scan.usage());
    CHECK(scan.finishes() == 0);
}

TEST_CASE("[DONE] is a line of its own", "[http][events]") {
    CHECK(scanned("data: [DONE]\n\n").done());
    CHECK(scanned("data:[DONE]\r\n\r\n").done());
    CHECK(scanned("data: [DONE]\r\r").done());
    CHECK_FALSE(scanned("data: [DONE]").done());
    CHECK_FALSE(scanned("data: \"[DONE]\"\n\n").done());
    CHECK_FALSE(scanned("data: {\"content\":\"data: [DONE]\"}\n\n").done());
    CHECK_FALSE(scanned(": [DONE]\n\n").done());
    CHECK_FALSE(scanned("xdata: [DONE]\n\n").done());
}

TEST_CASE("JSON instead of an event is foreign, through every split", "[http][events]") {
    auto json = GENERATE(values<std::string_view>({"{", "[", "{\n  \"error\": {\n\n", "[{\n\n"}));
    auto before = GENERATE(values<std::string_view>({"", "data: {\"a\":1}\n\n", ": x\r\n\r\n"}));
    auto text = std::string(before) + std::string(json);
    for_each_split(text, [&](auto const& pieces) {
        event_scan scan;
        REQUIRE(last_boundary(scan, pieces) == before.size());
        REQUIRE(scan.foreign());
    });
    CHECK_FALSE(scanned("data: {\n{\n\n").foreign());
    CHECK_FALSE(scanned("data: a\n{").foreign());
    CHECK_FALSE(scanned(": {\n\n").foreign());
}

TEST_CASE("what a long line hides is not made up", "[http][events]") {
    // The middle of a line above 64 KiB is not kept; its end must not be read as a line.
    event_scan scan;
    scan.feed("data: {\"image\":\"" + std::string(70'000, 'A'));
    scan.feed("data: [DONE]\n");
    CHECK_FALSE(scan.done());
    scan.feed("\n");
    CHECK(scan.at_boundary());
    scan.feed("data: [DONE]\n\n");
    CHECK(scan.done());
}

TEST_CASE("the end of a long line is still read", "[http][events]") {
    std::string image = R"(data: {"choices":[{"delta":{"image":")" + std::string(300'000, 'A');
    std::string end = R"("},"finish_reason":"stop"}],"usage":{"completion_tokens":8,"prompt_tokens":9}})";
    auto size = GENERATE(as<std::size_t>{}, 1000, 16'384, 65'536, 400'000);
    auto text = image + end + "\n\n";
    event_scan scan;
    for (std::size_t at = 0; at < text.size(); at += size) {
        scan.feed(std::string_view(text).substr(at, size));
    }
    CHECK(scan.at_boundary());
    CHECK(scan.finishes() == 1);
    REQUIRE(scan.usage());
    CHECK(scan.usage()->output == 8);
}
