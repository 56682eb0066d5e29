// Failures as an OpenAI client reads them.

#include "core/openai/api_error.hpp"

#include <catch2/catch.hpp>
#include <simdjson.h>

using namespace vertex_relay::core;

namespace {

constexpr std::string_view mark = "\xef\xbf\xbd";

} // namespace

TEST_CASE("an error has OpenAI's four members, null where there is nothing", "[openai][error]") {
    failure what{.status = 404,
                 .type = "invalid_request_error",
                 .code = "model_not_found",
                 .message = "No.",
                 .param = "model"};
    CHECK(error_body(what) == R"({"error":{"message":"No.","type":"invalid_request_error",)"
                              R"("param":"model","code":"model_not_found"}})");
    CHECK(error_body({.code = "", .message = ""}) ==
          R"({"error":{"message":"","type":"server_error","param":null,"code":null}})");
}

TEST_CASE("status, advice and connection stay out of the text", "[openai][error]") {
    failure what{.status = 503,
                 .code = "c",
                 .message = "m",
                 .retry = retry_advice::later,
                 .retry_after = std::chrono::seconds(7),
                 .allow = "GET",
                 .close = true};
    CHECK(error_body(what) ==
          R"({"error":{"message":"m","type":"server_error","param":null,"code":"c"}})");
}

TEST_CASE("Google's own error stands beside, as it came", "[openai][error]") {
    failure what{.code = "c", .message = "m", .google = R"({"code":429,"status":"X"})"};
    CHECK(error_body(what) == R"({"error":{"message":"m","type":"server_error","param":null,)"
                              R"("code":"c","google":{"code":429,"status":"X"}}})");
}

TEST_CASE("hostile bytes cannot leave their member", "[openai][error]") {
    auto text = GENERATE(values<std::string>({"\"},\"error\":null,\"x\":{\"", "\\", "\\\"",
                                              "a\r\n\r\ndata: [DONE]\n\n", "\x01\x1f\x7f",
                                              std::string("a\0b", 3), "</script>", "\xe2\x80\xa8",
                                              "\xff\xfe", "\xc3", "\xed\xa0\x80", "{{}}"}));
    CAPTURE(text);
    failure what{.type = text, .code = text, .message = text, .param = text};
    auto body = error_body(what);
    CHECK(body.find_first_of("\r\n") == std::string::npos);
    simdjson::dom::parser parser;
    simdjson::dom::object document;
    REQUIRE(parser.parse(body).get(document) == simdjson::SUCCESS);
    CHECK(document.size() == 1);
    simdjson::dom::object error;
    REQUIRE(document["error"].get(error) == simdjson::SUCCESS);
    CHECK(error.size() == 4);
    for (auto key : {"message", "type", "param", "code"}) {
        std::string_view value;
        REQUIRE(error[key].get(value) == simdjson::SUCCESS);
        bool kept = value == text;
        bool marked = !simdjson::validate_utf8(text) && value.find(mark) != value.npos;
        CHECK((kept || marked));
    }
}

TEST_CASE("an error event is one event of one line", "[openai][error]") {
    failure what{
        .type = "upstream_error", .code = "upstream_reset", .message = "a\nb\r\n\r\ndata: c"};
    auto event = error_event(what);
    CHECK(event == "data: " + error_body(what) + "\n\n");
    CHECK(event.find('\n') == event.size() - 2);
    CHECK(event.find('\r') == std::string::npos);
}
