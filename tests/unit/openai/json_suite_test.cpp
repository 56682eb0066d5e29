// Strict JSON: each class of fault that lenient parsers let pass, and each odd text that is right.

#include "core/openai/chat_request.hpp"
#include "unit/openai/documents.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using namespace vertex_relay::tests;
using namespace std::string_literals;

namespace {

result<chat_request> read(std::string_view text) {
    simdjson::dom::parser parser;
    padded_body body(text);
    return read_chat_request(parser, body.view());
}

std::vector<std::string> const right_values = {
    "0", "-0", "-0.0", "1E22", "1e+2", "1e-2", "123.456e78", "-1", "0e1", "0E+1", "1e-10000",
    "9223372036854775807", "18446744073709551615", "-9223372036854775808", "\"\"", "\"\\\"\"",
    "\"\\\\\"", "\"\\/\\b\\f\\n\\r\\t\"", "\"\\u0000\"", "\"\\u0012\"", "\"\\uD801\\udc37\"",
    "\"\\ud83d\\ude39\\ud83d\\udc8d\"", "\"\\u0061\\u30af\"", "\"a/*b*/c\"", "\"\x7f\"",
    "\"\xef\xbb\xbf\"", "\"\xe2\x80\xa8\"", "\"\xef\xbf\xbf\"", "\"\xf4\x8f\xbf\xbf\"",
    "\"\\uDBFF\\uDFFF\"", "\"\\uFFFF\"", "\"new\\u00A0line\"", "\"\xc2\x80\"", "\"\\\\u0000\"",
    "[]", "{}", "[[]   ]", "[ ]", "[\"\"]", "[null,1,\"1\",{}]", "[1\n]", " [1]", "[2] ",
    "{\"\":0}", "{\"a\":\"b\",\"a\":\"b\"}", "{\"foo\\u0000bar\":42}", "true", "false", "null",
    "\t\r\n true \t\r\n",
};

std::vector<std::string> const wrong_values = {
    // numbers
    "-", "+1", "++1", "-01", "01", "012", "00", "1.", ".1", "-.1", "1.e1", "1e", "1E+", "1eE2",
    "1e+-1", "1.2a-3", "0x1", "0x42", "1 000", "1_000", "- 1", "-foo", "--2.", "2.e+3", "0.e1",
    "1ea", "9.e+", "0e", "Inf", "-Infinity", "NaN", "-NaN", "nan", "infinity", "1,5 6", "1e1e1",
    "\xef\xbc\x91", "1\xe5", "1+2", "0.3e+", "0.1.2", "-1x", "1.8011670033376514H-308", "1\0"s,
    // strings
    "\"", "\"a", "\"\\\"", "\"\\", "\"\\a\"", "\"\\x00\"", "\"\\'\"", "\"\\U0041\"", "\"\\u\"",
    "\"\\u1\"", "\"\\u12\"", "\"\\u123\"", "\"\\u123g\"", "\"\\uD834\\uDd\"", "\"\\uD800\\u\"",
    "\"\\uD800\\u1x\"", "\"\\\xf0\x9f\x8c\x80\"", "\"\\\t\"", "'a'", "`a`", "a", "\"a\nb\"",
    "\"a\tb\"", "\"\x1f\"", "\"\0\""s, "\"a\" b", "\"a\"\"b\"", "\\u0041", "\xe9", "\"\xff\"",
    "\"\xc0\xaf\"", "\"\xe0\x80\x80\"", "\"\xfc\x80\x80\x80\x80\x80\"", "\"\x81\"",
    "\"\xed\xa0\x80\"", "\"\xf4\xbf\xbf\xbf\"", "\"\xe9\"", "\"\xc3\"", "\"\\u00A\"",
    // words
    "True", "TRUE", "tru", "truee", "fals", "nul", "nulll", "undefined", "None", "none", "yes",
    // arrays
    "[", "]", "[1,", "[1,]", "[,1]", "[,]", "[1,,2]", "[1 2]", "[1:2]", "[\"\"", "[3[4]]", "[1]]",
    "[}", "[1}", "[\"a\",\n4\n,1,", "[-]", "[\"\": 1]", "[1,\n1\n,1", "[a", "[\x0b]", "[\f]",
    "[\xc2\xa0]", "[\xe2\x81\xa0]", "[\xef\xbb\xbf]", "[*]", "[\"x\"", "[1;2]", "[#]", "[\0]"s,
    // objects
    "{", "}", "{]", "{,}", "{\"a\"}", "{\"a\":}", "{\"a\" 1}", "{\"a\"::1}", "{\"a\":1,}",
    "{\"a\":1,,\"b\":2}", "{\"a\":1 \"b\":2}", "{a:1}", "{'a':1}", "{1:1}", "{null:1}",
    "{\"a\":1}}", "{\"a\":1,\"b\"", "{\"a\",\"b\"}", "{[: \"x\"}", "{\"x\", null}", "{\"a\"=1}",
    "{\"a\":1;}", "{\"a\":\"b\"}#", "{\"a\":1,\"a", "{:1}", "{\"a\":/**/1}", "{\"a\":1 // x\n}",
    // between
    "", ",", ":", "/**/", "// x\n1", "# x\n1", "<null>", "<.>", "*", "&", "@", "abc", "1;",
    "\xc2\xa0", "\xef\xbb\xbf", "\x0c", "\x0b", "\0"s, "(1)", "new Date()", "1]", "\xe2\x81\xa0",
    "{}{}",
};

/// At each place a value can have: alone, first, in the middle, last, nested.
std::vector<std::string> placed(std::string const& value) {
    return {R"({"a":)" + value + "}", R"({"a":[)" + value + R"(],"model":"m"})",
            R"({"a":1,"b":)" + value + R"(,"c":2})", R"({"a":[1,)" + value + "]}",
            R"({"a":{"b":)" + value + "}}"};
}

} // namespace

TEST_CASE("right values pass at every place", "[openai][json]") {
    auto value = GENERATE(from_range(right_values));
    for (auto const& text : placed(value)) {
        CAPTURE(text);
        CHECK(read(text));
    }
}

TEST_CASE("wrong values fail at every place", "[openai][json]") {
    auto value = GENERATE(from_range(wrong_values));
    for (auto const& text : placed(value)) {
        if (value.empty() && text == R"({"a":[],"model":"m"})") {
            continue; // an empty list is a list
        }
        CAPTURE(text);
        auto request = read(text);
        REQUIRE_FALSE(request);
        CHECK(request.error().status == 400);
        CHECK(request.error().code == "invalid_json");
        CHECK(request.error().type == "invalid_request_error");
        CHECK(request.error().message.starts_with("The body is not valid JSON at byte "));
    }
}

TEST_CASE("whatever follows the object is refused", "[openai][json]") {
    auto tail = GENERATE(values<std::string>({
        "}", "]", "{}", ",", "x", "#", "//", "/**/", "\"", "1", "\0"s, "\x0c", "\xef\xbb\xbf",
        "\xc2\xa0", "\xff", "'", ";",
    }));
    for (std::string_view space : {"", " ", "\r\n"}) {
        auto text = R"({"model":"m"})" + std::string(space) + tail;
        CAPTURE(text);
        CHECK_FALSE(read(text));
    }
    CHECK(read("{\"model\":\"m\"} \r\n\t "));
}

TEST_CASE("other encodings of the same text are refused", "[openai][json]") {
    CHECK_FALSE(read("{\0}\0"s));         // UTF-16, low byte first
    CHECK_FALSE(read("\0{\0}"s));         // UTF-16, high byte first
    CHECK_FALSE(read("\xff\xfe{\0}\0"s)); // the same with their marks
    CHECK_FALSE(read("\xfe\xff\0{\0}"s));
    CHECK_FALSE(read("{\0\0\0}\0\0\0"s));          // UTF-32
    CHECK_FALSE(read("{\"a\":\"h\xe9\"}"));        // Latin-1
    CHECK_FALSE(read("model=gemini&stream=true")); // a form
    CHECK_FALSE(read("<request/>"));
}
