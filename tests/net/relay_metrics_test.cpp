// What happened is on `/metrics`, each thing once, and as the access line tells it.

#include "net/echo_rig.hpp"
#include "net/relay_rig.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <set>
#include <sstream>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;
using lines = std::set<std::string>;

constexpr std::string_view gemini = "google/gemini-3.5-flash";

void quick(core::config& settings, simulator::instance const&) {
    settings.retry = {.max = 2,
                      .min_delay_ms = core::milliseconds(1),
                      .budget_ms = core::milliseconds(10'000)};
    settings.models.push_back({.name = "steady",
                               .model = std::string(gemini),
                               .fallbacks = {"us-central1"}});
    settings.log.access = true;
}

void refuse(relay_rig& rig, std::string_view fault, int times) {
    REQUIRE(rig.vertex->add_rule(
        fmt::format(R"({{"model":"{}","fault":"{}","times":{}}})", gemini, fault, times)));
}

/// The samples of a family that are not zero, without its name.
lines counted(relay_rig& rig, std::string_view family) {
    std::istringstream page(rig.ask(get("/metrics")).body);
    lines found;
    for (std::string line; std::getline(page, line);) {
        auto rest = line.starts_with(family) ? line.substr(family.size()) : std::string();
        if ((rest.starts_with('{') || rest.starts_with(' ')) && !rest.ends_with(" 0")) {
            found.insert(rest);
        }
    }
    return found;
}

/// A chat that asks for one repair and nothing else.
std::string needy_chat() {
    return post_chat(fmt::format(
        R"({{"model":"{}","messages":[{{"role":"developer","content":"Be brief."}},)"
        R"({{"role":"user","content":"Hi"}}]}})",
        gemini));
}

} // namespace

TEST_CASE("a retry and a fallback count once each, the request once", "[relay][metrics]") {
    relay_rig rig(quick);
    refuse(rig, "503", 1);
    REQUIRE(rig.ask(chat("steady", false)).status == 200);
    CHECK(counted(rig, "vertex_relay_upstream_retries_total") == lines{R"({reason="refused"} 1)"});
    refuse(rig, "503", 3); // all tries at the first place
    REQUIRE(rig.ask(chat("steady", true)).status == 200);
    CHECK(counted(rig, "vertex_relay_upstream_retries_total") ==
          lines{R"({reason="refused"} 3)", R"({reason="fallback"} 1)"});
    CHECK(counted(rig, "vertex_relay_requests_total") ==
          lines{fmt::format(R"({{route="{}",model="steady",status="200"}} 2)", gemini)});
    CHECK(counted(rig, "vertex_relay_upstream_connections_total") ==
          lines{R"({result="opened"} 1)", R"({result="reused"} 5)"});
}

TEST_CASE("a refusal that stays is an error of its kind", "[relay][metrics]") {
    relay_rig rig(quick);
    refuse(rig, "429", 3);
    REQUIRE(rig.ask(chat(gemini, false)).status == 429);
    REQUIRE(rig.logs_line_with({R"("status":429)", R"("cause":"rate_limit_exceeded")"}));
    auto labels = fmt::format(R"(route="{0}",model="{0}",status="429",)"
                              R"(error_type="rate_limit_exceeded")",
                              gemini);
    CHECK(counted(rig, "vertex_relay_requests_total") == lines{"{" + labels + "} 1"});
    CHECK(counted(rig, "vertex_relay_refusals_total").empty()); // Google refused, not a rule
}

TEST_CASE("a repair counts under its name", "[relay][metrics]") {
    relay_rig rig(quick);
    auto answer = rig.ask(needy_chat());
    REQUIRE(answer.status == 200);
    REQUIRE(answer.field("x-vertex-relay-repairs") == "roles");
    CHECK(counted(rig, "vertex_relay_repairs_total") == lines{R"({repair="roles"} 1)"});
}

TEST_CASE("a rule's refusals count under the rule", "[relay][metrics]") {
    relay_rig rig(quick);
    CHECK(rig.ask(get("/nothing")).status == 404);
    CHECK(rig.ask(get("/nowhere")).status == 404);
    CHECK(rig.ask(get("/v1/models", "Origin: https://evil.example\r\n")).status == 403);
    CHECK(counted(rig, "vertex_relay_refusals_total") ==
          lines{R"({rule="not_found"} 2)", R"({rule="origin_not_allowed"} 1)"});
}

TEST_CASE("a stream that breaks is no success", "[relay][metrics]") {
    struct row {
        std::string fault;
        std::string cause;
    };
    auto cut = GENERATE(values<row>({{"sim-cut-2", "upstream_reset"},
                                     {"sim-midstream-error-2", "upstream_error"},
                                     {"sim-clean-end-2", "stream_incomplete"}}));
    auto model = "google/" + cut.fault; // which nobody lists
    relay_rig rig(quick);
    REQUIRE(rig.ask(chat(model, true)).status == 200);
    REQUIRE(rig.logs_line_with({fmt::format(R"("route":"{}")", model), R"("status":200)",
                                fmt::format(R"("cause":"{}")", cut.cause)}));
    CHECK(counted(rig, "vertex_relay_requests_total") ==
          lines{fmt::format(R"({{route="{0}",model="{0}",status="200",error_type="{1}"}} 1)",
                            model, cut.cause)});
    CHECK(counted(rig, "gen_ai_server_request_duration_seconds_count") ==
          lines{fmt::format(R"({{gen_ai_operation_name="chat",)"
                            R"(gen_ai_provider_name="gcp.vertex_ai",gen_ai_request_model="{}",)"
                            R"(error_type="{}"}} 1)",
                            model, cut.cause)});
    CHECK(counted(rig, "gen_ai_server_time_to_first_token_seconds_count").empty());
}

TEST_CASE("probes are no requests", "[relay][metrics]") {
    relay_rig rig(quick);
    CHECK(rig.ask(get("/livez")).status == 200);
    CHECK(rig.ask(get("/health")).status == 200);
    rig.ask(get("/readyz"));
    CHECK(counted(rig, "vertex_relay_requests_total").empty());
    CHECK(rig.ask(get("/v1/models")).status == 200);
    CHECK(counted(rig, "vertex_relay_requests_total") ==
          lines{R"({route="/v1/models",status="200"} 1)"});
}

/// It records no span, so one of its own would be a parent that no trace has.
TEST_CASE("a trace reaches Vertex AI as the client sent it", "[relay][trace]") {
    constexpr std::string_view trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    relay_rig rig(quick);
    auto given = fmt::format("traceparent: 00-{}-00f067aa0ba902b7-01\r\n"
                             "tracestate: a=1\r\n",
                             trace);
    REQUIRE(rig.ask(post_chat(chat_body(gemini, false), given)).status == 200);
    CHECK(rig.seen().last_chat_head.contains("\r\n" + given));
    CHECK(rig.logs_line_with({fmt::format(R"("trace":"{}")", trace)}));
}
