// Where JSON ends being JSON: the byte, the reason, and agreement with the parser on what is.

#include "core/openai/json_fault.hpp"
#include "unit/openai/documents.hpp"

#include <catch2/catch.hpp>
#include <simdjson.h>

using namespace vertex_relay::core;
using namespace vertex_relay::tests;

TEST_CASE("the first byte that cannot be JSON is named", "[openai][json]") {
    struct row {
        std::string text;
        std::size_t offset;
        std::string_view reason;
    };
    using namespace std::string_literals;
    auto line = GENERATE(
        row{"", 0, "the text ends too early"}, row{" \n", 2, "the text ends too early"},
        row{"{", 1, "the text ends too early"}, row{R"({"a")", 4, "the text ends too early"},
        row{R"({"a":1,)", 7, "the text ends too early"}, row{"[1", 2, "the text ends too early"},
        row{"\"abc", 4, "the text ends too early"}, row{"-", 1, "the text ends too early"},
        row{"1.", 2, "the text ends too early"},
        row{R"({'a':1})", 1, "a key in double quotes is missing"},
        row{R"({a:1})", 1, "a key in double quotes is missing"},
        row{R"({"a":1,})", 7, "a key in double quotes is missing"},
        row{R"({"a" 1})", 5, "a colon is missing"}, row{R"({"a"})", 4, "a colon is missing"},
        row{R"({"a":})", 5, "a value is missing"}, row{"[1,]", 3, "a value is missing"},
        row{"[,1]", 1, "a value is missing"}, row{"]", 0, "a value is missing"},
        row{"[1 2]", 3, "a comma or the closing bracket is missing"},
        row{R"({"a":1 "b":2})", 7, "a comma or the closing bracket is missing"},
        row{"[1}", 2, "a comma or the closing bracket is missing"},
        row{"[True]", 1, "a value is missing"},
        row{"[trUe]", 1, "a word is not true, false or null"},
        row{"[nul]", 1, "a word is not true, false or null"}, row{"[NaN]", 1, "a value is missing"},
        row{"[-x]", 2, "a number is malformed"}, row{"[1.e5]", 3, "a number is malformed"},
        row{"[1e]", 3, "a number is malformed"},
        row{"[01]", 2, "a comma or the closing bracket is missing"},
        row{"[+1]", 1, "a value is missing"}, row{"[.5]", 1, "a value is missing"},
        row{"[\"a\nb\"]", 3, "a control character in a string is not escaped"},
        row{"[\"a\0b\"]"s, 3, "a control character in a string is not escaped"},
        row{R"(["\x41"])", 2, "an escape stands for no character"},
        row{R"(["\u12G4"])", 2, "an escape stands for no character"},
        row{R"(["\u-123"])", 2, "an escape stands for no character"},
        row{R"(["\ud83d"])", 2, "an escape stands for no character"},
        row{R"(["\ud83dA"])", 2, "an escape stands for no character"},
        row{R"(["\ude00"])", 2, "an escape stands for no character"},
        row{"[\"\xff\"]", 2, "a byte is not UTF-8"}, row{"[\"\xc3(\"]", 2, "a byte is not UTF-8"},
        row{"[\"\xed\xa0\x80\"]", 2, "a byte is not UTF-8"},
        row{"{} x", 3, "something follows the end of the document"},
        row{"{}{}", 2, "something follows the end of the document"},
        row{"{}\0"s, 2, "something follows the end of the document"},
        row{"\xef\xbb\xbf{}", 0, "a value is missing"});
    CAPTURE(line.text);
    auto fault = find_json_fault(line.text);
    REQUIRE(fault);
    CHECK(fault->offset == line.offset);
    CHECK(fault->reason == line.reason);
}

TEST_CASE("what is JSON has no fault", "[openai][json]") {
    auto text =
        GENERATE(as<std::string>{}, "{}", " [ ] ", "0", "-0.5e+10", "\"\"", "null",
                 R"({"a":[1,{"b":[]},"c"],"d":{}})", R"("\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00")",
                 "\"\x7f h\xc3\xa9 \xf0\x9f\x98\x80\"", "1e400");
    CAPTURE(text);
    CHECK_FALSE(find_json_fault(text));
}

TEST_CASE("it agrees with the parser about random texts", "[openai][json]") {
    document_maker make(41);
    simdjson::dom::parser parser;
    int faults = 0;
    for (int round = 0; round < 30'000; ++round) {
        auto text = make.broken(make.object());
        CAPTURE(round, text);
        auto error = text.empty() ? simdjson::EMPTY : parser.parse(text).error();
        auto fault = find_json_fault(text);
        faults += fault ? 1 : 0;
        bool out_of_range = error == simdjson::NUMBER_ERROR; // left to the parser
        REQUIRE((error == simdjson::SUCCESS || out_of_range || fault));
        REQUIRE((!fault || error != simdjson::SUCCESS));
        REQUIRE((!fault || fault->offset <= text.size()));
    }
    CHECK(faults > 10'000); // or the texts were too tame to tell
}

TEST_CASE("a text cut anywhere ends too early, or is whole", "[openai][json]") {
    std::string text = R"({"a":[true,null,-1.5e3,"h\u00e9"],"b":{"c":0}})";
    REQUIRE_FALSE(find_json_fault(text));
    for (std::size_t size = 0; size < text.size(); ++size) {
        CAPTURE(size);
        CHECK(find_json_fault(std::string_view(text).substr(0, size)));
    }
}

TEST_CASE("deep nesting costs memory, not the stack", "[openai][json]") {
    std::string deep(1'000'000, '[');
    auto fault = find_json_fault(deep);
    REQUIRE(fault);
    CHECK(fault->offset == deep.size());
    CHECK_FALSE(find_json_fault(deep + std::string(deep.size(), ']')));
}
