// Errors that are no Google error: model servers, front ends, fragments, and texts that only look
// like something.

#include "core/openai/api_error.hpp"
#include "core/vertex/google_error.hpp"
#include "unit/openai/documents.hpp"
#include "unit/vertex/captures.hpp"

#include <catch2/catch.hpp>
#include <simdjson.h>

using namespace vertex_relay::core;
using namespace vertex_relay::core::test;
using Catch::Matchers::Contains;

namespace {

target where_of(std::string endpoint) {
    target where;
    where.label = endpoint.empty() ? "google/m" : "endpoints/" + endpoint;
    where.endpoint = std::move(endpoint);
    where.project = "p";
    where.location = "us-central1";
    return where;
}

failure read(unsigned status, std::string_view body, std::string endpoint = {},
             std::string_view type = "application/json") {
    return read_google_error(
        {.status = status, .content_type = type, .retry_after = {}, .body = body},
        where_of(std::move(endpoint)));
}

bool is_json(std::string const& text) {
    simdjson::dom::parser parser;
    return parser.parse(text).error() == simdjson::SUCCESS;
}

} // namespace

TEST_CASE("a model server's own words pass as they are", "[vertex][google_error]") {
    auto bare = read(400, vllm_bare, "123");
    CHECK(bare.status == 400);
    CHECK(bare.type == "BadRequestError");
    CHECK(bare.code == "context_length_exceeded"); // agents look for it
    CHECK(bare.param.empty());
    CHECK(bare.message == "This model's maximum context length is 4096 tokens. However, you "
                          "requested 5000 tokens.");
    auto wrapped = read(404, vllm_wrapped, "123");
    CHECK(wrapped.type == "NotFoundError");
    CHECK(wrapped.code == "model_not_found");
    CHECK(wrapped.param == "model");
    CHECK(wrapped.message == "The model `gemma` does not exist."); // no word of Google's locations
    auto named =
        read(400, R"({"error":{"message":"m","type":"t","param":"p","code":"own_code"}})", "123");
    CHECK(named.code == "own_code");
    CHECK(named.param == "p");
    auto plain = read(422, tgi_plain, "123");
    CHECK(plain.status == 422);
    CHECK(plain.type == "invalid_request_error");
    CHECK_THAT(plain.message, Contains("Input validation error"));
    CHECK_THAT(plain.google, Contains("error_type"));
    auto detail = read(404, fastapi_detail, "123");
    CHECK(detail.message == "Not Found");
    CHECK(detail.google == fastapi_detail);
}

TEST_CASE("an error without Google's status may still be Google's", "[vertex][google_error]") {
    auto error =
        read(403, R"({"error":{"code":403,"message":"No.","errors":[{"reason":"forbidden"}]}})");
    CHECK(error.type == "permission_error");
    CHECK_THAT(error.message, Contains("roles/aiplatform.user"));
}

TEST_CASE("a front end's page is told from a model's answer", "[vertex][google_error]") {
    struct row {
        unsigned status;
        std::string_view type, body;
        std::string says;
    };
    auto line = GENERATE(
        row{502, "text/html; charset=UTF-8", "<!DOCTYPE html><title>502</title>",
            "502 with an HTML page"},
        row{502, "", "<html>", "502 with an HTML page"},
        row{503, "text/plain", "upstream connect error", "503 with text that names no error"},
        row{500, "application/json", "", "500 with nothing"},
        row{500, "application/json", "{}", "500 with text that names no error"},
        row{500, "application/json", "[]", "500 with text that names no error"},
        row{500, "application/json", "null", "500 with text that names no error"},
        row{500, "application/json", "{\"error\":", "500 with text that names no error"},
        row{422, "application/json", R"({"detail":[{"loc":["body"],"msg":"m"}]})",
            "422 with text that names no error"},
        row{404, "text/html", "<html>", "404 with an HTML page"},
        row{302, "text/html", "<html>", "302 with an HTML page"});
    CAPTURE(line.body);
    auto error = read(line.status, line.body, {}, line.type);
    CHECK_THAT(error.message, Contains(line.says) && Contains("Google's front end"));
    CHECK(error.google.empty());
    bool worth_it = line.status >= 500;
    CHECK((error.message.find("Try again.") != std::string::npos) == worth_it);
    CHECK((error.message.find("upstream.endpoint") != std::string::npos) == !worth_it);
}

TEST_CASE("statuses that are no error of the client's become 502", "[vertex][google_error]") {
    auto status =
        GENERATE(100U, 201U, 204U, 206U, 299U, 300U, 301U, 302U, 304U, 307U, 308U, 399U, 499U);
    CAPTURE(status);
    auto error = read(status, "");
    CHECK(error.status == 502);
    CHECK(error.type == "server_error");
    CHECK(error.code == (status >= 300 && status < 400 ? "upstream_redirect" : "upstream_error"));
}

TEST_CASE("every other status is passed on", "[vertex][google_error]") {
    for (unsigned status = 400; status < 600; ++status) {
        if (status != 499) {
            CAPTURE(status);
            auto error = read(status, "");
            CHECK(error.status == static_cast<int>(status));
            CHECK_FALSE(error.type.empty());
            CHECK_FALSE(error.code.empty());
            CHECK_THAT(error.message, Contains("answered " + std::to_string(status)));
        }
    }
}

TEST_CASE("several errors are told by the first", "[vertex][google_error]") {
    auto error = read(400, R"([{"error":{"code":400,"message":"first","status":"A"}},)"
                           R"({"error":{"code":400,"message":"second","status":"B"}}])");
    CHECK(error.message == "first");
    CHECK_THAT(error.google, !Contains("second"));
}

TEST_CASE("members of the wrong kind are as good as missing", "[vertex][google_error]") {
    auto body = GENERATE(
        as<std::string>{}, R"({"error":{"code":"x","message":7,"status":null,"details":{}}})",
        R"({"error":{"code":1e99,"message":["a"],"details":[1,"a",null,[],{"reason":5}]}})",
        R"({"error":{"details":[{"retryDelay":{}},{"retryDelay":13}]}})",
        R"({"error":{}})", R"({"error":[]})", R"({"error":null})", R"({"error":true})",
        R"({"error":1})", R"({"message":{}})", R"([[]])", R"([1])",
        R"([{"error":[{"message":"deep"}]}])", R"({"error":""})");
    CAPTURE(body);
    for (std::string endpoint : {"", "123"}) {
        auto error = read(500, body, endpoint);
        CHECK(error.status == 500);
        CHECK(error.type == "server_error");
        CHECK_THAT(error.message, Contains("Vertex AI answered 500"));
        CHECK(is_json(error_body(error)));
    }
}

TEST_CASE("an error in mid-stream is read without a status", "[vertex][google_error]") {
    auto read_stream = [](std::string_view text) { return read_stream_error(text, where_of("")); };
    auto error = read_stream(cancelled);
    CHECK(error.status == 502);
    CHECK_THAT(error.message, Contains("cancelled"));
    CHECK_THAT(error.google, Contains("\"CANCELLED\""));
    CHECK(read_stream(quota_exhausted).code == "rate_limit_exceeded");
    CHECK(read_stream(permission_denied).status == 403);
    CHECK(read_stream(R"({"error":{"code":7,"message":"m","status":"X"}})").status == 500);
    CHECK(read_stream(R"({"error":{"code":-1,"message":"m","status":"X"}})").status == 500);
    CHECK(read_stream(R"({"error":{"message":"m"}})").status == 500);
    auto vllm = read_stream_error(vllm_bare, where_of("123"));
    CHECK(vllm.code == "context_length_exceeded");
    for (auto text : {"", "<html>", "{\"error\":{\"code\":499,", "{}", "[", "data: {}", "\xff"}) {
        CAPTURE(text);
        auto broken = read_stream(text);
        CHECK(broken.status == 502);
        CHECK(broken.type == "upstream_error");
        CHECK(broken.code == "upstream_protocol_error");
        CHECK(broken.google.empty());
    }
}

TEST_CASE("a 200 may be no answer", "[vertex][google_error]") {
    auto look = [](std::string_view body) { return find_disguised_error(body, where_of("")); };
    for (auto good : {R"({"choices":[]})", " {\"choices\":[{\"message\":{}}]}\r\n", "{}",
                      R"({"predictions":[1]})", R"({"choices":[{"error":{"code":7}}]})"}) {
        CAPTURE(good);
        CHECK_FALSE(look(good));
    }
    auto quota = look(quota_exhausted);
    REQUIRE(quota);
    CHECK(quota->status == 429);
    CHECK(quota->code == "rate_limit_exceeded");
    CHECK_FALSE(quota->google.empty());
    CHECK(look(R"({"error":{"code":403,"message":"no","status":"PERMISSION_DENIED"}})")->status ==
          403);
    CHECK(look(R"({"error":{"message":"no"}})")->status == 500);
    for (auto bad : {"", " \r\n", "<html>", "OK", "[]", "[1", "{\"choices\":[{\"mess"}) {
        CAPTURE(bad);
        auto error = look(bad);
        REQUIRE(error);
        CHECK(error->status == 502);
        CHECK(error->code == "upstream_protocol_error");
    }
}

TEST_CASE("any answer becomes an error a client can read", "[vertex][google_error]") {
    vertex_relay::tests::document_maker make(5);
    for (int round = 0; round < 20'000; ++round) {
        std::string body(round % 2 == 0 ? permission_denied : vllm_wrapped);
        for (auto count = make.below(4); count > 0; --count) {
            body = make.broken(body);
        }
        if (round % 5 == 0) {
            body = R"({"error":)" + make.value(5) + "}";
        }
        CAPTURE(round, body);
        auto status = static_cast<unsigned>(100 + make.below(500));
        auto error = read(status, body, round % 3 == 0 ? "123" : "");
        REQUIRE(error.status >= 400);
        REQUIRE(error.status < 600);
        REQUIRE_FALSE(error.message.empty());
        REQUIRE_FALSE(error.type.empty());
        REQUIRE_FALSE(error.code.empty());
        REQUIRE(is_json(error_body(error)));
        REQUIRE(error_body(error).find('\n') == std::string::npos);
    }
}
