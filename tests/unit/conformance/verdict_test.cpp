#include "core/conformance/verdict.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace vertex_relay::core::conformance;

namespace {

answer_seen json_answer(unsigned status, std::string body) {
    return {.status = status,
            .fields = {{"Content-Type", "application/json"}},
            .body = std::move(body)};
}

answer_seen stream_answer(std::string body) {
    return {.status = 200, .fields = {{"content-type", "text/event-stream"}},
            .body = std::move(body)};
}

bool shows(sign what, answer_seen const& answer, std::string_view word = {}) {
    std::array wanted{expectation{what, word}};
    return judge(wanted, answer).what == outcome::held;
}

constexpr auto whole =
    R"({"choices":[{"finish_reason":"stop","index":0,"message":{"content":"hi"}}],"model":"m",)"
    R"("usage":{"completion_tokens":2,"completion_tokens_details":{"reasoning_tokens":5},)"
    R"("prompt_tokens":3,"total_tokens":10}})";

constexpr auto flipping =
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"tool_calls\":[{\"id\":"
    "\"a\",\"type\":\"function\",\"index\":1,"
    "\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]}}]}\n\n"
    "data: {\"choices\":[{\"index\":0,\"finish_reason\":\"tool_calls\",\"delta\":{\"tool_calls\":"
    "[{\"id\":\"a\",\"index\":0,\"function\":{\"arguments\":\"}\"}}]}}]}\n\n"
    "data: [DONE]\n\n";

} // namespace

TEST_CASE("a whole answer is read") {
    auto answer = json_answer(200, whole);
    CHECK(shows(sign::status, answer, "200"));
    CHECK(shows(sign::text, answer));
    CHECK(shows(sign::finish, answer, "stop"));
    CHECK(shows(sign::usage_beside, answer));
    CHECK_FALSE(shows(sign::usage_inside, answer));
    CHECK_FALSE(shows(sign::no_usage, answer));
    CHECK(shows(sign::choices, answer, "1"));
    CHECK_FALSE(shows(sign::json_text, answer));
}

TEST_CASE("a stream is read, fragments of a call under one id") {
    auto answer = stream_answer(flipping);
    CHECK(shows(sign::called, answer, "f"));
    CHECK(shows(sign::calls_flip, answer));
    CHECK_FALSE(shows(sign::calls_indexed, answer));
    CHECK(shows(sign::calls_typed, answer));
    CHECK(shows(sign::role_once, answer));
    CHECK_FALSE(shows(sign::role_always, answer));
    CHECK(shows(sign::done, answer));
    CHECK(shows(sign::line_feeds, answer));
    CHECK_FALSE(shows(sign::line_feeds, stream_answer("data: {}\r\n\r\n")));
    CHECK_FALSE(shows(sign::done, stream_answer("{\n}\ndata: [DONE]\n\n")));
}

TEST_CASE("an error is told by its shape") {
    auto google = json_answer(400, "[{\"error\":{\"code\":400,\"message\":\"Bad ROLE\"}}\n]\n");
    CHECK(shows(sign::array_error, google));
    CHECK(shows(sign::says_error, google, "role"));
    CHECK_FALSE(shows(sign::openai_error, google));
    auto openai = json_answer(
        404, R"({"error":{"message":"m","type":"t","param":null,"code":"model_not_found"}})");
    CHECK(shows(sign::openai_error, openai));
    CHECK(shows(sign::error_code, openai, "model_not_found"));
    CHECK_FALSE(shows(sign::google_answer, json_answer(404, "<html>")));
}

TEST_CASE("access and quota are told from a difference") {
    std::array wanted{expectation{sign::status, "200"}};
    CHECK(judge(wanted, json_answer(403, "{}")).what == outcome::refused);
    CHECK(judge(wanted, json_answer(429, "{}")).what == outcome::refused);
    CHECK(judge(wanted, json_answer(503, "{}")).what == outcome::refused);
    CHECK(judge(wanted, json_answer(400, "{}")).what == outcome::differs);
    CHECK(judge(wanted, answer_seen{}).what == outcome::refused);
    std::array denied{expectation{sign::status, "401"}};
    CHECK(judge(denied, json_answer(401, "{}")).what == outcome::held);
    auto half = json_answer(200, "{");
    half.complete = false;
    CHECK(judge(wanted, half).what == outcome::differs);
}
