// The members of an object, found by its tokens, against the parser's idea of them.

#include "core/json_scan.hpp"
#include "core/openai/json_members.hpp"
#include "unit/openai/documents.hpp"

#include <catch2/catch.hpp>
#include <simdjson.h>

using namespace vertex_relay::core;
using namespace vertex_relay::tests;

namespace {

constexpr std::size_t any = 100;

std::vector<member_span> members_of(std::string_view text, std::size_t most = any) {
    static simdjson::dom::parser parser;
    REQUIRE(parser.parse(text.data(), text.size()).error() == simdjson::SUCCESS);
    return find_members(text, tokens_of(parser), most);
}

std::string_view key_at(std::string_view text, std::size_t offset) {
    return text.substr(offset, string_end(text, offset) - offset);
}

std::vector<std::pair<std::string, std::string>> spans_of(std::string_view text) {
    std::vector<std::pair<std::string, std::string>> out;
    for (auto const& member : members_of(text)) {
        out.emplace_back(key_at(text, member.key_offset),
                         text.substr(member.value_offset, member.value_length));
    }
    return out;
}

using spans = std::vector<std::pair<std::string, std::string>>;

} // namespace

TEST_CASE("keys and values are found as they are written", "[openai][members]") {
    CHECK(spans_of("{}").empty());
    CHECK(spans_of(" \n{ \t }").empty());
    CHECK(spans_of(R"({"a":1})") == spans{{"\"a\"", "1"}});
    CHECK(spans_of("{ \"a\" :\n[1, {\"b\":2}] ,\"\\\"\":\"}\\\\\"\t}") ==
          spans{{"\"a\"", "[1, {\"b\":2}]"}, {"\"\\\"\"", "\"}\\\\\""}});
    CHECK(spans_of(R"({"":null,"t":true,"n":-1.5e3,"o":{}})") ==
          spans{{"\"\"", "null"}, {"\"t\"", "true"}, {"\"n\"", "-1.5e3"}, {"\"o\"", "{}"}});
    CHECK(spans_of(R"({"s":"\\\\\"]}","x":["\"","}"]})") ==
          spans{{"\"s\"", R"("\\\\\"]}")"}, {"\"x\"", R"(["\"","}"])"}});
}

TEST_CASE("no more members are kept than were asked for", "[openai][members]") {
    std::string_view text = R"({"a":1,"b":2,"c":3})";
    CHECK(members_of(text, 0).empty());
    CHECK(members_of(text, 2).size() == 2);
    CHECK(members_of(text, 4).size() == 3);
    std::string many = "{\"\":0";
    for (int i = 0; i < 100'000; ++i) {
        many += ",\"\":0";
    }
    many += "}";
    CHECK(members_of(many, 1025).capacity() < 4096); // 6 bytes of body, 24 of span
}

TEST_CASE("the parser sees the same members in random objects", "[openai][members]") {
    document_maker make(7);
    simdjson::dom::parser parser;
    simdjson::dom::parser of_value;
    for (int round = 0; round < 20'000; ++round) {
        auto text = make.object();
        CAPTURE(round, text);
        simdjson::dom::object object;
        REQUIRE(parser.parse(text).get(object) == simdjson::SUCCESS);
        auto found = members_of(text);
        REQUIRE(found.size() == object.size());
        std::size_t index = 0;
        for (auto [key, value] : object) {
            auto const& span = found[index++];
            std::string_view unescaped;
            auto quoted = key_at(text, span.key_offset);
            REQUIRE(of_value.parse(quoted).get(unescaped) == simdjson::SUCCESS);
            REQUIRE(unescaped == key);
            simdjson::dom::element again;
            auto written = text.substr(span.value_offset, span.value_length);
            REQUIRE(of_value.parse(written).get(again) == simdjson::SUCCESS);
            REQUIRE(simdjson::to_string(again) == simdjson::to_string(value));
            REQUIRE(written.find_first_of(" \t\r\n") != 0);
            REQUIRE(written.find_last_of(" \t\r\n") != written.size() - 1);
        }
    }
}
