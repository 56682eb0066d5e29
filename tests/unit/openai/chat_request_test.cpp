// What is read of a chat request, and what is refused before anything is sent.

#include "core/openai/chat_request.hpp"
#include "unit/openai/documents.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace vertex_relay::core;
using namespace vertex_relay::tests;
using Catch::Matchers::Contains;

namespace {

result<chat_request> read(std::string_view text) {
    static simdjson::dom::parser parser; // one for all, as a worker has
    padded_body body(text);
    return read_chat_request(parser, body.view());
}

failure refused(std::string_view text) {
    auto request = read(text);
    REQUIRE_FALSE(request);
    return request.error();
}

std::string nested(std::size_t levels) {
    return R"({"a":)" + std::string(levels - 1, '[') + std::string(levels - 1, ']') + "}";
}

std::string with_members(std::size_t count) {
    std::string text = "{";
    for (std::size_t i = 0; i < count; ++i) {
        text += fmt::format(R"({}"k{}":0)", i == 0 ? "" : ",", i);
    }
    return text + "}";
}

} // namespace

TEST_CASE("model and stream are read, the rest is left alone", "[openai][chat_request]") {
    struct row {
        std::string text;
        std::optional<std::string> model;
        bool stream;
    };
    auto line = GENERATE(
        row{"{}", std::nullopt, false}, row{R"({"model":"m"})", "m", false},
        row{R"({"model":"","stream":true})", "", true},
        row{R"({"stream":null,"model":"a"})", "a", false}, row{R"({"stream":false})", {}, false},
        row{R"( {"\u006dod\u0065l" : "g\/\u0065" , "stre\u0061m":true } )", "g/e", true},
        row{R"({"model":"\u00e9\ud83d\ude00"})", "\xc3\xa9\xf0\x9f\x98\x80", false},
        row{R"({"Model":"x","model ":"y","mode":"z"})", std::nullopt, false},
        row{R"({"messages":[{"model":"x","stream":true}],"metadata":{"model":"y"}})", {}, false},
        row{R"({"messages":"\"model\":\"x\"","n":1})", std::nullopt, false});
    CAPTURE(line.text);
    auto request = read(line.text);
    REQUIRE(request);
    CHECK(request->model == line.model);
    CHECK(request->stream == line.stream);
}

TEST_CASE("the place of the model is told, however its key is written",
          "[openai][chat_request]") {
    std::string_view text = R"({ "a\n" : [ 1 ] , "m\u006fdel" : "\"" })";
    auto request = read(text);
    REQUIRE(request);
    CHECK(request->has_members);
    REQUIRE(request->model_member);
    auto place = *request->model_member;
    CHECK(text.substr(place.key_offset).starts_with(R"("m\u006fdel" :)"));
    CHECK(text.substr(place.value_offset, place.value_length) == R"("\"")");
    CHECK_FALSE(read("{}")->has_members);
    CHECK_FALSE(read(R"({"Model":1})")->model_member);
}

TEST_CASE("wrong types name the parameter", "[openai][chat_request]") {
    auto value = GENERATE(as<std::string>{}, "1", "null", "true", "[]", "{}", "[\"m\"]", "-0.5");
    CAPTURE(value);
    auto error = refused(R"({"model":)" + value + "}");
    CHECK(error.status == 400);
    CHECK(error.type == "invalid_request_error");
    CHECK(error.code == "invalid_type");
    CHECK(error.param == "model");
    CHECK_THAT(error.message, Contains("`model` must be a string"));
}

TEST_CASE("stream is a boolean or null", "[openai][chat_request]") {
    auto value = GENERATE(as<std::string>{}, "1", "0", "\"true\"", "[]", "{}", "\"\"");
    CAPTURE(value);
    auto error = refused(R"({"stream":)" + value + "}");
    CHECK(error.status == 400);
    CHECK(error.code == "invalid_type");
    CHECK(error.param == "stream");
}

TEST_CASE("a key may stand once, however it is spelled", "[openai][chat_request]") {
    auto text = GENERATE(as<std::string>{}, R"({"model":"a","model":"a"})",
                         R"({"model":"a","x":1,"\u006dodel":"b"})",
                         R"({"\u006dodel":"a","mod\u0065l":"b"})", R"({"x":1,"y":2,"x":1})",
                         R"({"":1,"":2})", R"({"\/":1,"/":2})", R"({"\u00e9":1,"é":2})");
    CAPTURE(text);
    auto error = refused(text);
    CHECK(error.status == 400);
    CHECK(error.code == "duplicate_key");
    CHECK(error.type == "invalid_request_error");
    CHECK_THAT(error.message, Contains("stands twice"));
    CHECK(read(R"({"a":{"x":1,"x":2},"b":[{"y":1,"y":2}]})")); // Google's to judge
}

TEST_CASE("a long key that stands twice is shown in part", "[openai][chat_request]") {
    std::string key = std::string(99, 'k') + "\xc3\xa9" + std::string(5000, 'k');
    auto error = refused(fmt::format(R"({{"{0}":1,"{0}":2}})", key));
    CHECK(error.param.size() == 100);
    CHECK(error.message.size() < 200);
    CHECK(simdjson::validate_utf8(error.message)); // cut inside a character
}

TEST_CASE("bodies that are no object say so", "[openai][chat_request]") {
    for (auto text : {"[]", "[{}]", "\"{}\"", "1", "null", "true", " 1 "}) {
        CAPTURE(text);
        auto error = refused(text);
        CHECK(error.status == 400);
        CHECK(error.code == "invalid_json");
        CHECK_THAT(error.message, Contains("must be a JSON object"));
    }
    CHECK_THAT(refused("").message, Contains("empty"));
    CHECK_THAT(refused("\xef\xbb\xbf{}").message, Contains("byte order mark"));
    CHECK_THAT(refused(" \n ").message, Contains("at byte 3: the text ends too early"));
    CHECK_THAT(refused(R"({"model":"m"} {})").message, Contains("at byte 14"));
    CHECK_THAT(refused(R"({"model":'m'})").message, Contains("at byte 9: a value is missing"));
    CHECK(refused(R"({"seed":123456789012345678901234567890})").code == "invalid_json");
}

TEST_CASE("128 levels are read, one more is refused", "[openai][chat_request]") {
    CHECK(read(nested(127)));
    CHECK(read(nested(128)));
    for (std::size_t levels : {129U, 130U, 1024U, 100'000U}) {
        auto error = refused(nested(levels));
        CHECK(error.code == "invalid_json");
        CHECK_THAT(error.message, Contains("deeper than 128 levels"));
    }
    auto open = refused(R"({"a":)" + std::string(100'000, '['));
    CHECK(open.code == "invalid_json");
}

TEST_CASE("1024 top-level keys are read, one more is refused", "[openai][chat_request]") {
    CHECK(read(with_members(1024)));
    auto error = refused(with_members(1025));
    CHECK(error.code == "invalid_json");
    CHECK_THAT(error.message, Contains("1024 top-level keys"));
}

TEST_CASE("a refusal leaves the parser fit for the next body", "[openai][chat_request]") {
    document_maker make(3);
    std::string big = R"({"model":"m","x":")" + std::string(300'000, 'x') + "\"}";
    for (int round = 0; round < 300; ++round) {
        auto text = round % 3 == 0 ? big : make.object();
        CHECK_FALSE(read(text + "]"));
        CHECK_FALSE(read(nested(129)));
        auto request = read(text);
        CAPTURE(round, text.substr(0, 500));
        REQUIRE(request);
        REQUIRE(request->model.has_value() == request->model_member.has_value());
    }
}
