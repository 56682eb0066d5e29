#include "core/conformance/capture.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core::conformance;

TEST_CASE("what identifies an account is told by its form") {
    redaction by;
    CHECK(by.apply("projects/248190060486/locations/us") == "projects/PROJECT/locations/us");
    CHECK(by.apply("\"projects/my-app:x.y\"") == "\"projects/PROJECT\"");
    CHECK(by.apply("overview?project=123456") == "overview?project=PROJECT");
    CHECK(by.apply("used in project 123456 before") == "used in project PROJECT before");
    CHECK(by.apply("Bearer ya29.a0-b_c") == "Bearer TOKEN");
    CHECK(by.apply("(ya29.a0AfB)") == "(TOKEN)");
    CHECK(by.apply("user jane.doe+x@example.org lacks") == "user someone@example.com lacks");
    CHECK(by.apply("|9.7.144.202|") == "|192.0.2.1|");
    CHECK(by.apply("55.us-east5-98765.prediction.vertexai.goog") ==
          "55.us-east5-PROJECT.prediction.vertexai.goog");
}

TEST_CASE("what identifies nobody stays") {
    redaction by;
    std::string_view text = "data: {\"created\":1770850461,\"id\":\"nQiNafGyF5rw998PstqooAY\","
                            "\"model\":\"google/gemini\",\"a\":\"1.2.3.4.5 a@b 3.10.2\"}\n\n";
    CHECK(by.apply(text) == text);
}

TEST_CASE("what is known is hidden whatever its case, the longer first") {
    redaction by;
    by.hide("canary", "PROJECT");
    by.hide("canary-endpoint", "ENDPOINT");
    by.hide("ab", "NEVER");
    auto once = by.apply("CANARY canary-endpoint ab projects/canary/x");
    CHECK(once == "PROJECT ENDPOINT ab projects/PROJECT/x");
    CHECK(by.apply(once) == once);
}

TEST_CASE("a capture shows only harmless header fields, and its head can be read again") {
    answer_seen answer{.status = 429,
                       .fields = {{"Content-Type", "application/json"},
                                  {"Set-Cookie", "canary"},
                                  {"Retry-After", "7"}},
                       .body = "{\"a\":1}\n"};
    auto files = capture_files({"a-check", "/v1/projects/canary/x", "{}"}, answer, redaction());
    REQUIRE(files.size() == 3);
    CHECK(files[0].name == "a-check.request.json");
    CHECK(files[2].name == "a-check.json");
    CHECK(files[2].text == answer.body);
    CHECK(files[1].text.find("canary") == std::string::npos);
    auto head = read_captured_head(files[1].text);
    REQUIRE(head);
    CHECK(head->path == "/v1/projects/PROJECT/x");
    CHECK(head->status == 429);
    CHECK(head->content_type == "application/json");
    CHECK(head->retry_after == "7");
}

TEST_CASE("a head that is none is refused") {
    CHECK_FALSE(read_captured_head(""));
    CHECK_FALSE(read_captured_head("GET /x\nHTTP/1.1 200\n"));
    CHECK_FALSE(read_captured_head("POST /x\nHTTP/1.1 999\n"));
}
