// The small parts every exchange uses: read buffer, edits, JSON text.

#include "core/edit.hpp"
#include "core/json_text.hpp"
#include "core/read_buffer.hpp"

#include <catch2/catch.hpp>
#include <simdjson.h>

#include <random>

using namespace vertex_relay::core;

namespace {

void append(read_buffer& buffer, std::string_view text) {
    auto room = buffer.prepare(text.size());
    REQUIRE(room.size() >= text.size());
    std::ranges::copy(text, room.begin());
    buffer.commit(text.size());
}

} // namespace

TEST_CASE("a buffer gives back what it was given, in order", "[buffer]") {
    std::mt19937 random(5);
    std::uniform_int_distribution<std::size_t> size(0, 3000);
    read_buffer buffer;
    std::string expected;
    char next = 'a';
    for (int step = 0; step < 5000; ++step) {
        auto choice = size(random) % 8;
        if (choice < 3) {
            std::string text(size(random), next);
            next = next == 'z' ? 'a' : static_cast<char>(next + 1);
            append(buffer, text);
            expected += text;
        } else if (choice < 6) {
            auto bytes = std::min(size(random), expected.size());
            buffer.consume(bytes);
            expected.erase(0, bytes);
        } else if (choice == 6) {
            buffer.shrink();
        } else {
            auto bytes = expected.size() - std::min<std::size_t>(expected.size(), 10);
            buffer.truncate(bytes);
            expected.resize(bytes);
        }
        REQUIRE(buffer.data() == expected);
        REQUIRE(buffer.capacity() >= expected.size());
    }
}

TEST_CASE("an announced body gets one piece of its size", "[buffer]") {
    read_buffer buffer;
    append(buffer, "head");
    buffer.consume(4);
    buffer.shrink();
    CHECK(buffer.capacity() == 0);
    buffer.prepare(1'000'000);
    CHECK(buffer.capacity() == 1'000'000);
    auto const* before = buffer.prepare(1).data();
    append(buffer, std::string(999'000, 'x'));
    CHECK(buffer.data().data() == before); // it did not move
}

TEST_CASE("unread bytes survive a move to bigger memory", "[buffer]") {
    read_buffer buffer;
    append(buffer, "0123456789");
    buffer.consume(7);
    append(buffer, std::string(100'000, 'x'));
    CHECK(buffer.data().substr(0, 4) == "789x");
    CHECK(buffer.data().size() == 100'003);
}

TEST_CASE("padding behind the data is readable", "[buffer]") {
    static_assert(read_buffer::padding >= simdjson::SIMDJSON_PADDING);
    read_buffer buffer;
    auto room = buffer.prepare(100);
    std::ranges::fill(room, 'x');
    buffer.commit(room.size());
    unsigned sum = 0;
    for (std::size_t i = 0; i < read_buffer::padding; ++i) { // the sanitizer watches
        sum += static_cast<unsigned char>(buffer.data().end()[i]) & 1U;
    }
    CHECK(sum <= read_buffer::padding);
}

TEST_CASE("shrinking gives memory back", "[buffer]") {
    read_buffer buffer;
    append(buffer, std::string(100'000, 'x'));
    buffer.consume(99'990);
    buffer.shrink();
    CHECK(buffer.data() == "xxxxxxxxxx");
    CHECK(buffer.capacity() == 10);
    buffer.consume(10);
    buffer.shrink();
    CHECK(buffer.capacity() == 0);
    CHECK(buffer.data().empty());
    append(buffer, "again");
    CHECK(buffer.data() == "again");
}

TEST_CASE("trimming keeps a small block for the next head", "[buffer]") {
    read_buffer buffer;
    append(buffer, std::string(read_buffer::kept_bytes, 'x'));
    buffer.consume(read_buffer::kept_bytes);
    buffer.trim();
    CHECK(buffer.capacity() == read_buffer::kept_bytes);
    append(buffer, std::string(read_buffer::kept_bytes + 1, 'x'));
    buffer.trim(); // nothing is lost
    CHECK(buffer.data() == std::string(read_buffer::kept_bytes + 1, 'x'));
    buffer.consume(read_buffer::kept_bytes + 1);
    buffer.trim();
    CHECK(buffer.capacity() == 0);
}

TEST_CASE("edits replace spans and leave the rest where it is", "[edit]") {
    std::string_view body = "0123456789";
    auto text = [&](std::vector<edit> const& edits) {
        std::string out;
        for (auto span : gather(body, edits)) {
            CHECK_FALSE(span.empty());
            out += span;
        }
        return out;
    };
    CHECK(text({}) == body);
    CHECK(text({{0, 0, "x"}}) == "x0123456789");
    CHECK(text({{10, 0, "x"}}) == "0123456789x");
    CHECK(text({{0, 10, ""}}).empty());
    CHECK(text({{2, 3, "abc"}, {5, 1, ""}, {9, 1, "zz"}}) == "01abc678zz");
    auto spans = gather(body, {});
    REQUIRE(spans.size() == 1);
    CHECK(spans[0].data() == body.data());
    CHECK(gather("", {}).empty());
}

TEST_CASE("any bytes become valid JSON text", "[json]") {
    CHECK(json_string("a\"b\\c\n\r\t\x01\x1f\x7f/") == R"("a\"b\\c\n\r\t\u0001\u001f\u007f/")");
    CHECK(json_string("h\xc3\xa9 \xf0\x9f\x98\x80") == "\"h\xc3\xa9 \xf0\x9f\x98\x80\"");
    std::mt19937 random(23);
    std::uniform_int_distribution<int> byte(0, 255);
    simdjson::dom::parser parser;
    for (int round = 0; round < 5000; ++round) {
        std::string text;
        for (int i = byte(random) % 12; i >= 0; --i) {
            // Mostly bytes that begin or continue characters: the hard cases.
            text += static_cast<char>(round % 2 ? byte(random) : 0x80 + byte(random) / 2);
        }
        std::string_view back;
        CAPTURE(text.size(), round);
        REQUIRE(parser.parse(json_string(text)).get(back) == simdjson::SUCCESS);
        if (simdjson::validate_utf8(text)) {
            REQUIRE(back == text);
        }
    }
}

TEST_CASE("only the bytes that are wrong are replaced", "[json]") {
    constexpr std::string_view mark = "\xef\xbf\xbd";
    auto quoted = [&](std::string_view before, std::string_view after) {
        return "\"" + std::string(before) + std::string(mark) + std::string(after) + "\"";
    };
    CHECK(json_string("\xc3\xa9\xff\xc3\xa9") == quoted("\xc3\xa9", "\xc3\xa9"));
    CHECK(json_string("a\xc3") == quoted("a", ""));             // cut inside a character
    CHECK(json_string("\xc3(") == quoted("", "("));
    CHECK(json_string("\xc0\x80").find('\xc0') == std::string::npos);     // overlong
    CHECK(json_string("\xed\xa0\x80").find('\xed') == std::string::npos); // surrogate
    CHECK(json_string("\xf4\x90\x80\x80").find('\xf4') == std::string::npos);
}
