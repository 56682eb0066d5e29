// The head sent to Google, byte for byte.

#include "core/openai/chat_request.hpp"
#include "core/vertex/upstream_request.hpp"
#include "unit/openai/documents.hpp"
#include "unit/vertex/routing.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using namespace vertex_relay::core::test;

namespace {

upstream_host const google{.tls = true,
                           .name = "aiplatform.googleapis.com",
                           .port = 443,
                           .tls_name = "aiplatform.googleapis.com"};

std::string head(upstream_host const& host, upstream_call const& call) {
    return build_upstream_head(host, call, secret("ya29.token"));
}

} // namespace

TEST_CASE("a chat call is these bytes and no others", "[vertex][request]") {
    CHECK(head(google, {.path = "/v1/p/chat/completions", .content_length = 17}) ==
          "POST /v1/p/chat/completions HTTP/1.1\r\n"
          "Host: aiplatform.googleapis.com\r\n"
          "Authorization: Bearer ya29.token\r\n"
          "User-Agent: vertex-relay/" RELAY_VERSION "\r\n"
          "Accept-Encoding: identity\r\n"
          "Content-Type: application/json\r\n"
          "Content-Length: 17\r\n"
          "\r\n");
}

TEST_CASE("a trace context goes along", "[vertex][request]") {
    CHECK_THAT(head(google, {.path = "/x", .trace_parent = "00-1-2-01", .trace_state = "a=b"}),
               Catch::Contains("\r\ntraceparent: 00-1-2-01\r\ntracestate: a=b\r\n"));
    CHECK_THAT(head(google, {.path = "/x", .trace_parent = "00-1-2-01"}),
               !Catch::Contains("tracestate"));
}

TEST_CASE("a quota project is named where there is one", "[vertex][request]") {
    CHECK(head(google, {.path = "/x", .quota_project = "billing-1", .content_length = 2}) ==
          "POST /x HTTP/1.1\r\n"
          "Host: aiplatform.googleapis.com\r\n"
          "Authorization: Bearer ya29.token\r\n"
          "User-Agent: vertex-relay/" RELAY_VERSION "\r\n"
          "Accept-Encoding: identity\r\n"
          "x-goog-user-project: billing-1\r\n"
          "Content-Type: application/json\r\n"
          "Content-Length: 2\r\n"
          "\r\n");
}

TEST_CASE("a lookup has no body and no fields of one", "[vertex][request]") {
    CHECK(head(google, {.method = "GET", .path = "/v1beta1/e/1", .has_body = false}) ==
          "GET /v1beta1/e/1 HTTP/1.1\r\n"
          "Host: aiplatform.googleapis.com\r\n"
          "Authorization: Bearer ya29.token\r\n"
          "User-Agent: vertex-relay/" RELAY_VERSION "\r\n"
          "Accept-Encoding: identity\r\n"
          "\r\n");
}

TEST_CASE("Host names the port unless it is the scheme's own", "[vertex][request]") {
    struct row {
        upstream_host host;
        std::string_view line;
    };
    auto line = GENERATE(row{{true, "h", 443, "h"}, "Host: h\r\n"},
                         row{{true, "h", 8443, "h"}, "Host: h:8443\r\n"},
                         row{{false, "127.0.0.1", 80, ""}, "Host: 127.0.0.1\r\n"},
                         row{{false, "127.0.0.1", 443, ""}, "Host: 127.0.0.1:443\r\n"},
                         row{{true, "::1", 443, "::1"}, "Host: [::1]\r\n"},
                         row{{true, "::1", 9, "::1"}, "Host: [::1]:9\r\n"},
                         row{{true, "10.0.0.5", 443, "real.name"}, "Host: 10.0.0.5\r\n"});
    CHECK_THAT(head(line.host, {.path = "/"}), Catch::Contains(std::string(line.line)));
}

TEST_CASE("nothing a client says reaches the head", "[vertex][request]") {
    auto routes = make_routes("[models]\n\"*\" = \"google/gemini-3.5-flash\"\n");
    auto expected = head(resolved(routes, "a").host, {.path = resolved(routes, "a").path});
    auto name = GENERATE(
        values<std::string>({"x\r\nX-Evil: 1", "../../../v1/projects/other", "x y", "#", "?key=1",
                             std::string("\0", 1), "google/gemini\r\nHost: evil", "@evil.example/",
                             "\\..\\", "%2e%2e%2f", "publishers/models/x"}));
    CAPTURE(name);
    auto where = resolved(routes, name);
    CHECK(head(where.host, {.path = where.path}) == expected);
}
