// The chunked coding: what is decoded, what is refused, at every place a read may end.

#include "core/http/body_decoder.hpp"
#include "unit/http/wire.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using namespace vertex_relay::tests;

namespace {

struct decoded {
    std::string text;
    std::size_t consumed = 0;
    bool done = false;
    bool failed = false;
};

decoded decode(std::vector<std::string> const& pieces) {
    chunked_decoder chunks;
    decoded out;
    for (auto const& piece : pieces) {
        std::string_view rest = piece;
        while (!rest.empty() && !chunks.done() && !chunks.failed()) {
            auto step = chunks.next(rest);
            bool inside = step.payload.empty() || (step.payload.data() >= rest.data() &&
                                                   step.payload.end() <= rest.end());
            REQUIRE(inside);
            REQUIRE(step.consumed > 0);
            out.text += step.payload;
            out.consumed += step.consumed;
            rest.remove_prefix(step.consumed);
        }
    }
    out.done = chunks.done();
    out.failed = chunks.failed();
    return out;
}

} // namespace

TEST_CASE("chunks decode the same through every split", "[http][chunked]") {
    struct row {
        std::string wire;
        std::string text;
    };
    auto line = GENERATE(
        row{"0\r\n\r\n", ""}, row{"5\r\nhello\r\n0\r\n\r\n", "hello"},
        row{"5;a=b\r\nhello\r\n0;c\r\n\r\n", "hello"},
        row{"5 \t;a=\"b;c\"\r\nhello\r\n0\r\n\r\n", "hello"},
        row{"a\r\n0123456789\r\nA\r\nABCDEFGHIJ\r\n0\r\n\r\n", "0123456789ABCDEFGHIJ"},
        row{"00000003\r\n\r\n0\r\n00\r\n\r\n", "\r\n0"},
        row{"1\r\n\r\r\n1\r\n\n\r\n0\r\n\r\n", "\r\n"},
        row{"3\r\nabc\r\n0\r\nX-Trailer: a\r\nY: b\xc3\xa9\r\n\r\n", "abc"},
        row{"3;\xc3\xa9\r\nabc\r\n0\r\nX:\tb\r\n\r\n", "abc"});
    CAPTURE(line.wire);
    for_each_split(line.wire, [&](auto const& pieces) {
        auto out = decode(pieces);
        REQUIRE(out.done);
        REQUIRE(out.text == line.text);
        REQUIRE(out.consumed == line.wire.size());
    });
}

TEST_CASE("what is behind the last chunk is left alone", "[http][chunked]") {
    auto out = decode({"3\r\nabc\r\n0\r\n\r\nGET / HTTP/1.1\r\n"});
    CHECK(out.done);
    CHECK(out.consumed == std::string_view("3\r\nabc\r\n0\r\n\r\n").size());
}

TEST_CASE("malformed chunks fail through every split", "[http][chunked]") {
    using namespace std::string_literals;
    auto wire = GENERATE(values<std::string>({
        "\r\n"s, "x\r\n"s, "-1\r\n"s, "+1\r\na\r\n"s, " 1\r\na\r\n"s, "0x1\r\na\r\n"s, ";a\r\n"s,
        "1\na\r\n"s, "1\rXa\r\n"s, "1\r\nab\r\n"s, "1\r\na\n"s, "1\r\na\rX"s, "1\r\na0\r\n\r\n"s,
        "1,2\r\n"s, "1\0\r\n"s, "5\xc2\xa0\r\nhello\r\n"s, "g\r\n"s, "1;a\x01\r\na\r\n"s,
        "1;a\nb\r\na\r\n"s, "1;a\x7f\r\n"s, "1;a\rb\r\n"s, "0\r\n\n"s, "0\r\n\rX"s, "0\r\nX: a\n"s,
        "0\r\nX: a\rb\r\n\r\n"s, "0\r\nX: \x01\r\n\r\n"s, "0\r\n\x01: a\r\n\r\n"s,
        "1 a\r\na\r\n"s, "1 1\r\na\r\n"s, "1 \t=\r\na\r\n"s, "1\x0b\r\n"s, "0\r\nX\r\n\r\n"s,
        "0\r\n X: a\r\n\r\n"s, "0\r\nX : a\r\n\r\n"s, "0\r\n: a\r\n\r\n"s,
        "0\r\nX: a\r\n b\r\n\r\n"s, "0\r\nGET / HTTP/1.1\r\n\r\n"s, "0\r\nX\xc3\xa9: a\r\n\r\n"s,
        "000000001\r\na\r\n"s, "100000000\r\n"s, "ffffffffffffffff\r\n"s,
        "10000000000000000\r\n"s, "fffffffffffffffffffffffffffffffff\r\n"s,
    }));
    CAPTURE(wire);
    for_each_split(wire, [&](auto const& pieces) {
        auto out = decode(pieces);
        REQUIRE(out.failed);
        REQUIRE_FALSE(out.done);
    });
}

TEST_CASE("extensions and trailers are bounded", "[http][chunked]") {
    auto extension = [](std::size_t bytes) {
        return "1;" + std::string(bytes, 'e') + "\r\na\r\n";
    };
    CHECK_FALSE(decode({extension(256)}).failed);
    CHECK(decode({extension(257)}).failed);
    std::string many;
    for (int i = 0; i < 16; ++i) {
        many += extension(256);
    }
    CHECK(decode({many}).text == std::string(16, 'a'));
    CHECK(decode({many + extension(1)}).failed);
    std::string counted = "0\r\n";
    for (int i = 0; i < 200; ++i) {
        counted += "X: 0123456789012345678901234567890\r\n";
    }
    CHECK(decode({counted + "\r\n"}).failed);
    CHECK(decode({"0\r\n" + std::string(5000, 'x')}).failed);
    CHECK(decode({"0\r\nX: " + std::string(4000, 'x') + "\r\n\r\n"}).done);
    CHECK(decode({many + "0\r\nX-Long: y\r\n\r\n"}).failed); // one budget for both
    std::string short_trailers = "0\r\n";
    for (int i = 0; i < 5000; ++i) {
        short_trailers += "x\r\n";
    }
    CHECK(decode({short_trailers + "\r\n"}).failed);
}

TEST_CASE("an unfinished body is neither done nor failed", "[http][chunked]") {
    std::string wire = "5\r\nhello\r\n0\r\n\r\n";
    for (std::size_t size = 0; size < wire.size(); ++size) {
        auto out = decode({wire.substr(0, size)});
        CAPTURE(size);
        CHECK_FALSE(out.done);
        CHECK_FALSE(out.failed);
    }
}

TEST_CASE("it knows when it stands between two chunks", "[http][chunked]") {
    std::string wire = "5\r\nhello\r\n3;e\r\nabc\r\n0\r\n\r\n";
    for (std::size_t size = 0; size <= wire.size(); ++size) {
        body_decoder body(body_framing::chunked, 0);
        body.decode(std::string_view(wire).substr(0, size), [](std::string_view) {});
        CAPTURE(size);
        CHECK(body.between_chunks() == (size == 0 || size == 10 || size == 20));
    }
}

TEST_CASE("payload slides together at the front of the read", "[http][body]") {
    std::mt19937 random(11);
    std::string text;
    for (int i = 0; i < 3000; ++i) {
        text += static_cast<char>('a' + i % 26);
    }
    auto sizes = GENERATE(values<std::vector<std::size_t>>({{1}, {2, 7, 1}, {900}, {3000}}));
    auto wire = chunked(text, sizes);
    for (int round = 0; round < 50; ++round) {
        body_decoder body(body_framing::chunked, 0);
        std::string out;
        std::size_t consumed = 0;
        for (auto& piece : random_pieces(wire + "next", 12, random)) {
            auto slid = body.slide(piece);
            out += piece.substr(0, slid.payload);
            consumed += slid.consumed;
        }
        REQUIRE(body.complete());
        REQUIRE(out == text);
        REQUIRE(consumed == wire.size());
    }
}

TEST_CASE("a body of announced length takes its bytes and no more", "[http][body]") {
    for_each_split("hello, next", [](auto const& pieces) {
        body_decoder body(body_framing::length, 5);
        std::string out;
        for (auto piece : pieces) {
            auto slid = body.slide(piece);
            REQUIRE(slid.payload == slid.consumed);
            out += piece.substr(0, slid.payload);
        }
        REQUIRE(out == "hello");
        REQUIRE(body.complete());
        REQUIRE_FALSE(body.between_chunks());
    });
    body_decoder cut(body_framing::length, 5);
    cut.decode("hell", [](std::string_view) {});
    CHECK_FALSE(cut.complete());
    cut.end();
    CHECK_FALSE(cut.complete());
}

TEST_CASE("only the end completes a body that only the end frames", "[http][body]") {
    body_decoder body(body_framing::until_close, 0);
    CHECK(body.decode("0\r\n\r\n", [](std::string_view) {}) == 5);
    CHECK_FALSE(body.complete());
    body.end();
    CHECK(body.complete());
    body_decoder chunks(body_framing::chunked, 0);
    chunks.end();
    CHECK_FALSE(chunks.complete());
    CHECK(body_decoder(body_framing::none, 0).complete());
}
