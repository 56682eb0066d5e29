#include "core/gemini/json_string.hpp"
#include "unit/gemini/random_json.hpp"

#include <catch2/catch.hpp>
#include <simdjson.h>

using namespace vertex_relay;
using core::unescape;
using core::unescapes_to;

TEST_CASE("every escape of RFC 8259 is read", "[gemini][json]") {
    CHECK(unescape(R"("")").empty());
    CHECK(unescape(R"("plain")") == "plain");
    CHECK(unescape(R"("\"\\\/\b\f\n\r\t")") == "\"\\/\b\f\n\r\t");
    CHECK(unescape(R"("\u0041\u00e9\u20AC\uD83D\uDE00")") == "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
    CHECK(unescape(R"("\u0000")") == std::string(1, '\0'));
    CHECK(unescapes_to(R"("r\u006fle")", "role"));
    CHECK(unescapes_to(R"("role")", "role"));
    CHECK_FALSE(unescapes_to(R"("r\\u006fle")", "role"));
    CHECK_FALSE(unescapes_to(R"("roles")", "role"));
}

TEST_CASE("half a surrogate pair becomes the replacement character", "[gemini][json]") {
    CHECK(unescape(R"("\ud83d")") == "\xef\xbf\xbd");
    CHECK(unescape(R"("\ude00x")") == "\xef\xbf\xbdx");
    CHECK(unescape(R"("\ud83d\ud83d\ude00")") == "\xef\xbf\xbd\xf0\x9f\x98\x80");
}

TEST_CASE("text that is no JSON string stays within its bounds", "[gemini][json]") {
    for (auto const* text : {"", "\"", "x", R"("\)", R"("\")", R"("\u")", R"("\u12")", R"("\ud83d\)",
                             R"("\ud83d\u")", R"("\uzzzz")"}) {
        CHECK(unescape(text).size() <= 6);
    }
}

TEST_CASE("strings are read as simdjson reads them", "[gemini][json]") {
    std::mt19937 random(4);
    simdjson::dom::parser parser;
    for (int round = 0; round < 3000; ++round) {
        auto quoted = tests::random_json_string(random);
        simdjson::dom::array array;
        std::string_view known;
        REQUIRE(parser.parse("[" + quoted + "]").get(array) == simdjson::SUCCESS);
        REQUIRE(array.at(0).get(known) == simdjson::SUCCESS);
        INFO(quoted);
        REQUIRE(unescape(quoted) == known);
        REQUIRE(unescapes_to(quoted, known));
        REQUIRE_FALSE(unescapes_to(quoted, std::string(known) + "x"));
    }
}
