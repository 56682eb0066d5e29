// What Google says, in OpenAI's words: status, type, code and a sentence with the next step.

#include "core/openai/api_error.hpp"
#include "core/vertex/google_error.hpp"
#include "unit/vertex/captures.hpp"

#include <catch2/catch.hpp>
#include <simdjson.h>

using namespace vertex_relay::core;
using namespace vertex_relay::core::test;
using Catch::Matchers::Contains;

namespace {

target published() {
    target where;
    where.label = "google/gemini-3.5-flash";
    where.project = "my-project";
    where.location = "us-central1";
    return where;
}

target own_endpoint() {
    target where;
    where.label = "endpoints/123";
    where.endpoint = "123";
    where.project = "my-project";
    where.location = "us-central1";
    return where;
}

failure read(unsigned status, std::string_view body, target const& where = published()) {
    return read_google_error({.status = status,
                              .content_type = "application/json; charset=UTF-8",
                              .retry_after = {},
                              .body = body},
                             where);
}

/// The text without blanks between its tokens, as the parser writes it.
std::string minified(std::string_view text) {
    simdjson::dom::parser parser;
    return simdjson::minify(parser.parse(simdjson::padded_string(text)).value());
}

} // namespace

TEST_CASE("each answer of Google gets OpenAI's words", "[vertex][google_error]") {
    struct row {
        unsigned status;
        std::string_view body;
        int told;
        std::string type, code, says;
    };
    auto line = GENERATE(
        row{403, permission_denied, 403, "permission_error", "permission_denied",
            "Grant the account roles/aiplatform.user: gcloud projects add-iam-policy-binding "
            "my-project"},
        row{403, api_disabled, 403, "permission_error", "permission_denied",
            "gcloud services enable aiplatform.googleapis.com --project my-project"},
        row{400, malformed_model, 400, "invalid_request_error", "invalid_argument",
            "Malformed publisher model"},
        row{400, missing_signature, 400, "invalid_request_error", "invalid_argument",
            "thought_signature"},
        row{400, any_of_siblings, 400, "invalid_request_error", "invalid_argument", "any_of"},
        row{400, invalid_schema_value, 400, "invalid_request_error", "invalid_argument",
            "tools[0]"},
        row{400, unknown_name, 400, "invalid_request_error", "invalid_argument",
            "Unknown name \"$defs\""},
        row{400, file_part, 400, "invalid_request_error", "invalid_argument", "found: 'file'"},
        row{401, token_expired, 401, "authentication_error", "google_unauthenticated",
            "invalid authentication"},
        row{401, token_unsupported, 401, "authentication_error", "google_unauthenticated",
            "invalid authentication"},
        row{404, entity_not_found, 404, "invalid_request_error", "model_not_found",
            "Asked for 'google/gemini-3.5-flash' in project 'my-project', location 'us-central1'"},
        row{404, model_not_found, 404, "invalid_request_error", "model_not_found",
            "location 'us-central1'."},
        row{429, quota_exhausted, 429, "rate_limit_error", "rate_limit_exceeded", "check quota"},
        row{499, cancelled, 502, "server_error", "upstream_error", "cancelled"},
        row{500, R"({"error":{"code":500,"message":"Internal error.","status":"INTERNAL"}})", 500,
            "server_error", "upstream_error", "Internal error."},
        row{503,
            R"([{"error":{"code":503,"message":"The service is down.","status":"UNAVAILABLE"}}])",
            503, "server_error", "upstream_unavailable", "The service is down."},
        row{504, R"([{"error":{"code":504,"message":"Deadline.","status":"DEADLINE_EXCEEDED"}}])",
            504, "server_error", "upstream_timeout", "Deadline."},
        row{413, R"({"error":{"code":413,"message":"Too big.","status":"X"}})", 413,
            "invalid_request_error", "upstream_error", "Too big."});
    CAPTURE(line.body);
    auto error = read(line.status, line.body);
    CHECK(error.status == line.told);
    CHECK(error.type == line.type);
    CHECK(error.code == line.code);
    CHECK(error.param == (line.told == 404 ? "model" : ""));
    CHECK_THAT(error.message, Contains(line.says));
    CHECK_FALSE(error.close);
}

TEST_CASE("Google's error object is kept whole", "[vertex][google_error]") {
    for (auto body : {permission_denied, malformed_model, token_expired, quota_exhausted, cancelled,
                      api_disabled, invalid_schema_value}) {
        auto error = read(400, body);
        auto inner = minified(body);
        inner = inner.substr(inner.find(":") + 1); // behind [{"error":
        inner.resize(error.google.size());
        CHECK(error.google == inner);
        CHECK(minified(error.google) == error.google);
        auto client = error_body(error);
        CHECK_THAT(client, Contains("\"google\":" + error.google));
        CHECK(minified(client) == client);
    }
}

TEST_CASE("a reason names a better step than the status", "[vertex][google_error]") {
    struct row {
        std::string reason, says;
    };
    auto line =
        GENERATE(row{"SERVICE_DISABLED", "gcloud services enable"},
                 row{"CONSUMER_INVALID", "Check the project id 'my-project'"},
                 row{"USER_PROJECT_DENIED", "google.quota_project"},
                 row{"ACCESS_TOKEN_SCOPE_INSUFFICIENT", "gcloud auth application-default login"});
    auto error = read(403, R"({"error":{"code":403,"message":"No.","status":"PERMISSION_DENIED",)"
                           R"("details":[{"@type":"x"},{"reason":")" +
                               line.reason + "\"}]}}");
    CHECK_THAT(error.message,
               Contains("No. ") && Contains(line.says) && !Contains("roles/aiplatform.user"));
    CHECK(error.retry == retry_advice::never);
}

TEST_CASE("a prompt that is too long has OpenAI's code", "[vertex][google_error]") {
    auto message = GENERATE(
        as<std::string>{},
        "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
        "Unable to submit request because the input token count is 9 but the model only supports "
        "up to 8.",
        "This model's maximum context length is 4096 tokens.");
    auto error =
        read(400, R"({"error":{"code":400,"message":")" + message + "\",\"status\":\"X\"}}");
    CHECK(error.code == "context_length_exceeded");
    CHECK(error.status == 400);
}

TEST_CASE("a prompt that Google blocks is told as OpenAI tells it", "[vertex][google_error]") {
    auto message = GENERATE(
        as<std::string>{},
        "The prompt could not be submitted: it violates Google's Responsible AI practices.",
        "The request was blocked: PROHIBITED_CONTENT.", "Blocked by Model Armor Floor Setting.",
        "The input was blocked by the safety filters.");
    auto error =
        read(400, R"({"error":{"code":400,"message":")" + message + "\",\"status\":\"X\"}}");
    CHECK(error.code == "content_filter");
    CHECK(error.type == "invalid_request_error");
    CHECK(error.status == 400);
}

TEST_CASE("a refusal of permission is not worth another try", "[vertex][google_error]") {
    CHECK(read(403, permission_denied).retry == retry_advice::never);
    CHECK(read(429, quota_exhausted).retry == retry_advice::unspecified);
    CHECK(read(400, malformed_model).retry == retry_advice::unspecified);
}

TEST_CASE("a missing endpoint is looked for where it was meant to be", "[vertex][google_error]") {
    auto error = read(404, entity_not_found, own_endpoint());
    CHECK(error.code == "model_not_found");
    CHECK_THAT(error.message, Contains("'endpoints/123' in project 'my-project'") &&
                                  Contains("gcloud ai endpoints list --region=us-central1") &&
                                  !Contains("global"));
    CHECK_THAT(read(403, permission_denied, own_endpoint()).message,
               Contains("roles/aiplatform.user"));
}
