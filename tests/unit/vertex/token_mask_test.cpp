#include "core/openai/api_error.hpp"
#include "core/vertex/google_error.hpp"
#include "core/vertex/token_mask.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using Catch::Matchers::Contains;

TEST_CASE("what looks like a token is masked, and no other word", "[vertex][token_mask]") {
    CHECK(mask_tokens("got ya29.a0AfH6SMBx-Zq_9Kw3T, no") == "got TOKEN, no");
    CHECK(mask_tokens("token=ya29.c.b0AXv0zTPQ_x1") == "token=TOKEN");
    CHECK(mask_tokens("\"eyJhbGciOiJSUzI1NiJ9.e30.c2ln\"") == "\"TOKEN\"");
    CHECK(mask_tokens("authorization: bearer 0123456789abcdefghij") ==
          "authorization: bearer TOKEN");
    for (auto text : {"", "The Bearer token has expired.", "ya29. begins every token", "eyJ",
                      "projects/a-long-project-name-of-somebody/locations/global"}) {
        CHECK(mask_tokens(text) == text);
    }
}

TEST_CASE("an error that repeats the request does not show its token", "[vertex][token_mask]") {
    constexpr std::string_view error =
        R"({"error":{"code":400,"message":"bad: Bearer ya29.a0AfH6SMBx-Zq_9Kw3T",)"
        R"("status":"INVALID_ARGUMENT","details":[{"got":"ya29.a0AfH6SMBx-Zq_9Kw3T"}]}})";
    upstream_answer answer{
        .status = 400, .content_type = "application/json", .retry_after = {}, .body = error};
    for (auto const& shown : {error_body(read_google_error(answer, target())),
                              error_event(read_stream_error(error, target()))}) {
        CHECK_THAT(shown, Contains("bad: Bearer TOKEN"));
        CHECK_THAT(shown, !Contains("ya29."));
    }
}
