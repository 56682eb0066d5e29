// The page as a whole: each family once, each series once, nothing that the format forbids.

#include "core/metrics/metrics_text.hpp"

#include "core/metrics/meters.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <sstream>

using namespace vertex_relay::core;

namespace {

metric_totals some_totals() {
    meters counted;
    for (auto const* route : {"google/gemini-3.5-flash", "endpoints/123"}) {
        counted.count({.route = route,
                       .status = 200,
                       .where = phase::done,
                       .first_byte = std::chrono::microseconds(1500),
                       .total = std::chrono::microseconds(20'000),
                       .tokens_in = 3,
                       .tokens_out = 9,
                       .attempts = 1,
                       .routed = true,
                       .listed = true,
                       .streamed = true});
    }
    metric_totals totals;
    counted.add_to(totals);
    return totals;
}

} // namespace

TEST_CASE("each family is declared once and its samples follow", "[metrics]") {
    std::istringstream lines(metrics_text(some_totals(), {}));
    std::set<std::string> families;
    std::set<std::string> series;
    std::string family;
    for (std::string line; std::getline(lines, line);) {
        CAPTURE(line);
        if (line.starts_with("# HELP ")) {
            family = line.substr(7, line.find(' ', 7) - 7);
            CHECK(families.insert(family).second);
            std::string type;
            REQUIRE(std::getline(lines, type));
            CHECK(type.starts_with("# TYPE " + family + " "));
            continue;
        }
        CHECK(line.starts_with(family));
        CHECK(series.insert(line.substr(0, line.rfind(' '))).second);
    }
    CHECK(families.size() == 23);
}

TEST_CASE("what is told comes from the counts and the state", "[metrics]") {
    auto text = metrics_text(some_totals(), {.connections = 3,
                                             .streams = 2,
                                             .draining = true,
                                             .token_seconds = 3599.5,
                                             .tokens_renewed = 7,
                                             .reload_failures = 1});
    auto has = [&](std::string const& line) { return text.find("\n" + line + "\n") != text.npos; };
    CHECK(has("vertex_relay_open_connections 3"));
    CHECK(has("vertex_relay_open_streams 2"));
    CHECK(has("vertex_relay_draining 1"));
    CHECK(has("vertex_relay_token_usable 1"));
    CHECK(has("vertex_relay_token_expires_in_seconds 3599.5"));
    CHECK(has("vertex_relay_token_refreshes_total{result=\"renewed\"} 7"));
    CHECK(has("vertex_relay_config_reloads_total{result=\"refused\"} 1"));
    CHECK(has("vertex_relay_build_info{version=\"" RELAY_VERSION "\"} 1"));
    CHECK(has("vertex_relay_requests_total{route=\"endpoints/123\",model=\"endpoints/123\","
              "status=\"200\"} 1"));
    CHECK(has("vertex_relay_tokens_total{route=\"endpoints/123\",type=\"output\"} 9"));
    CHECK(has("gen_ai_client_token_usage_bucket{gen_ai_operation_name=\"chat\","
              "gen_ai_provider_name=\"gcp.vertex_ai\",gen_ai_request_model=\"endpoints/123\","
              "gen_ai_token_type=\"output\",le=\"16\"} 1"));
    CHECK(has("gen_ai_server_time_to_first_token_seconds_sum{gen_ai_operation_name=\"chat\","
              "gen_ai_provider_name=\"gcp.vertex_ai\",gen_ai_request_model=\"endpoints/123\"} "
              "0.0015"));
}

TEST_CASE("without a token the gauge is zero and says so", "[metrics]") {
    auto text = metrics_text({}, {});
    CHECK(text.find("\nvertex_relay_token_usable 0\n") != text.npos);
    CHECK(text.find("\nvertex_relay_token_expires_in_seconds 0\n") != text.npos);
}
