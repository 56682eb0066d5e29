// Heads of answers, byte by byte.

#include "core/http/response_writer.hpp"

#include "core/http/head.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;

TEST_CASE("an answer's head is these bytes", "[http][writer]") {
    CHECK(build_response_head({.length = 12, .request_id = "req_1"}) ==
          "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncache-control: no-store\r\n"
          "content-length: 12\r\nx-request-id: req_1\r\n\r\n");
    CHECK(build_response_head({.content_type = "text/event-stream", .request_id = "r"}) ==
          "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-store\r\n"
          "transfer-encoding: chunked\r\nx-request-id: r\r\n\r\n");
    CHECK(build_response_head({.length = 0, .keep_alive = false, .request_id = "r"}) ==
          "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncache-control: no-store\r\n"
          "content-length: 0\r\nx-request-id: r\r\nconnection: close\r\n\r\n");
}

TEST_CASE("an old client gets no chunks and is told how long the connection lasts",
          "[http][writer]") {
    auto with_length = build_response_head({.length = 3, .version = 10, .request_id = "r"});
    CHECK_THAT(with_length, Catch::Contains("content-length: 3\r\n"));
    CHECK_THAT(with_length, Catch::Contains("connection: keep-alive\r\n"));
    auto without = build_response_head({.version = 10, .request_id = "r"});
    CHECK_THAT(without, !Catch::Contains("transfer-encoding"));
    CHECK_THAT(without, Catch::Contains("connection: close\r\n")); // only the end frames it
}

TEST_CASE("a granted origin is echoed, others see nothing", "[http][writer]") {
    auto head = build_response_head({.request_id = "r", .cors_origin = "https://a.example"});
    CHECK_THAT(head, Catch::Contains("access-control-allow-origin: https://a.example\r\n") &&
                         Catch::Contains("vary: Origin\r\n"));
    CHECK_THAT(head, !Catch::Contains("credentials"));
    CHECK_THAT(build_response_head({.request_id = "r"}), !Catch::Contains("access-control"));
}

TEST_CASE("no value can start a line of its own", "[http][writer]") {
    using namespace std::string_literals;
    auto evil = GENERATE(values<std::string>({"a\r\nX: y"s, "a\nX: y"s, "a\rX: y"s, "a\0X: y"s,
                                              "a\x7fX: y"s, "a\x1bX: y"s}));
    auto head = build_failure_head({.content_type = evil, .length = 1, .cors_origin = evil},
                                   failure{.status = 405, .allow = evil});
    auto parsed = parse_response_head(head);
    REQUIRE(parsed);
    CHECK_FALSE(parsed->find("x"));
    CHECK(parsed->find("content-type") == "a");
    CHECK(parsed->find("access-control-allow-origin") == "a");
    CHECK(parsed->find("allow") == "a");
}

TEST_CASE("a failure's head carries its advice", "[http][writer]") {
    response_plan plan{.length = 2, .request_id = "r"};
    auto never = build_failure_head(plan, {.status = 403, .retry = retry_advice::never});
    CHECK_THAT(never, Catch::StartsWith("HTTP/1.1 403 Forbidden\r\n") &&
                          Catch::Contains("x-should-retry: false\r\n") &&
                          !Catch::Contains("retry-after"));
    auto later = build_failure_head(plan, {.status = 503, .retry = retry_advice::later,
                                           .retry_after = std::chrono::seconds(7)});
    CHECK_THAT(later, Catch::Contains("retry-after: 7\r\n") && !Catch::Contains("x-should-retry"));
    auto both = build_failure_head(plan, {.status = 429, .retry = retry_advice::never,
                                          .retry_after = std::chrono::seconds(7)});
    CHECK_THAT(both, Catch::Contains("retry-after: 7\r\n") &&
                         Catch::Contains("x-should-retry: false\r\n"));
    auto plain = build_failure_head(plan, {.status = 400});
    CHECK_THAT(plain, !Catch::Contains("retry"));
    CHECK_THAT(build_failure_head(plan, {.status = 405, .allow = "GET, HEAD"}),
               Catch::Contains("allow: GET, HEAD\r\n"));
    CHECK_THAT(build_failure_head(plan, {.status = 426}), Catch::Contains("upgrade: "));
}

TEST_CASE("an answer of Vertex AI tells its attempts and its target", "[http][writer]") {
    response_plan plan{.length = 2, .request_id = "r"};
    CHECK_THAT(build_response_head(plan), !Catch::Contains("attempts"));
    plan.attempts = 2;
    plan.place = "google/gemini-3.5-flash@us-central1";
    auto line = Catch::Contains(
        "x-vertex-relay-attempts: 2; google/gemini-3.5-flash@us-central1\r\n");
    CHECK_THAT(build_response_head(plan), line);
    CHECK_THAT(build_failure_head(plan, {.status = 429}), line);
}

TEST_CASE("a granted preflight lists what a page may send", "[http][writer]") {
    auto head = build_preflight_head(
        {.status = 204, .request_id = "r", .cors_origin = "https://a.example"});
    CHECK_THAT(head, Catch::StartsWith("HTTP/1.1 204 No Content\r\n") &&
                         Catch::Contains("access-control-allow-origin: https://a.example\r\n") &&
                         Catch::Contains("access-control-allow-methods: GET, POST\r\n") &&
                         Catch::Contains("access-control-max-age: 600\r\n") &&
                         Catch::Contains("authorization, content-type"));
    CHECK_THAT(head, !Catch::Contains("private-network") && !Catch::Contains("credentials") &&
                         !Catch::Contains("content-length") && Catch::EndsWith("\r\n\r\n"));
}

TEST_CASE("every head we write we can read", "[http][writer]") {
    auto status = GENERATE(200, 204, 400, 401, 403, 404, 405, 408, 413, 414, 415, 417, 426, 429,
                           431, 500, 501, 502, 503, 504, 505, 402, 409, 422, 599);
    auto head = build_failure_head({.length = 5, .request_id = "r"}, {.status = status});
    auto parsed = parse_response_head(head);
    REQUIRE(parsed);
    CHECK(parsed->status == static_cast<unsigned>(status));
    CHECK_FALSE(reason_phrase(status).empty());
}

TEST_CASE("repairs and what is missed are told, if there are any", "[http][writer]") {
    response_plan plan;
    CHECK_THAT(build_response_head(plan), !Catch::Contains("x-vertex-relay"));
    plan.repairs = "roles,usage";
    plan.note = "no logprobs\r\nx-forged: 1";
    auto head = build_response_head(plan);
    CHECK_THAT(head, Catch::Contains("x-vertex-relay-repairs: roles,usage\r\n"));
    CHECK_THAT(head, Catch::Contains("x-vertex-relay-note: no logprobs\r\n"));
    CHECK_THAT(head, !Catch::Contains("x-forged"));
    CHECK_THAT(build_failure_head(plan, {}), Catch::Contains("-repairs: roles,usage\r\n"));
}
