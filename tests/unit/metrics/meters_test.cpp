// What an exchange counts for, and that no client makes series.

#include "core/metrics/meters.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <memory>

using namespace vertex_relay::core;
using std::chrono::microseconds;

namespace {

constexpr std::string_view flash = "google/gemini-3.5-flash";

exchange_record answered() {
    return {.id = "req-1",
            .route = std::string(flash),
            .model = "gpt-4o",
            .status = 200,
            .where = phase::done,
            .first_byte = microseconds(250'000),
            .total = microseconds(1'250'000),
            .bytes_in = 300,
            .bytes_out = 4'000,
            .tokens_in = 100,
            .tokens_out = 11,
            .attempts = 1,
            .tokens_cached = 40,
            .tokens_reasoning = 5,
            .cost_usd = 0.000'25,
            .path = "/v1/chat/completions",
            .alias = "gpt-*",
            .routed = true,
            .listed = true,
            .streamed = true};
}

exchange_record refused(std::string cause, int status) {
    return {.route = "/whatever/the/client/wrote",
            .model = "a client's words",
            .status = status,
            .cause = std::move(cause),
            .where = phase::head};
}

metric_totals totals_of(std::vector<exchange_record> const& records) {
    meters counted;
    for (auto const& record : records) {
        counted.count(record);
    }
    metric_totals totals;
    counted.add_to(totals);
    return totals;
}

} // namespace

TEST_CASE("an answered request is counted under its target and alias", "[metrics]") {
    auto totals = totals_of({answered(), answered()});
    CHECK(totals.requests == std::map<metric_totals::request, std::uint64_t>{
                                 {{std::string(flash), "gpt-*", 200, ""}, 2}});
    REQUIRE(totals.routes.size() == 1);
    auto const& route = totals.routes.at(std::string(flash));
    CHECK(route.tokens == std::array<std::uint64_t, token_kinds>{200, 22, 80, 10});
    CHECK(route.nano_usd == 500'000);
    CHECK(route.tokens_in.count() == 2);
    CHECK(route.tokens_in.sum == 200);
    CHECK(route.durations.at("").sum == 2'500'000);
    CHECK(route.first_token.sum == 500'000);
    CHECK(route.per_output_token.sum == 2 * 100'000); // a second for the ten behind the first
    CHECK(totals.bytes_in == 600);
    CHECK(totals.bytes_out == 8'000);
    CHECK(totals.refusals.empty());
}

TEST_CASE("times of a stream count for whole streams only", "[metrics]") {
    auto plain = answered();
    plain.streamed = false;
    auto cut = answered();
    cut.cause = "upstream_reset";
    auto one_token = answered();
    one_token.tokens_out = 1;
    auto totals = totals_of({plain, cut, one_token});
    auto const& route = totals.routes.at(std::string(flash));
    CHECK(route.durations.at("").count() == 2);
    CHECK(route.durations.at("upstream_reset").count() == 1);
    CHECK(route.first_token.count() == 1);
    CHECK(route.per_output_token.count() == 0);
    CHECK(totals.requests.at({std::string(flash), "gpt-*", 200, "upstream_reset"}) == 1);
}

TEST_CASE("a refusal counts under its rule, never under the client's words", "[metrics]") {
    auto late = refused("google_credentials_unavailable", 503);
    late.where = phase::token;
    auto gone = refused("client_gone", 499);
    auto totals = totals_of({refused("host_not_allowed", 403), refused("host_not_allowed", 403),
                             refused("not_found", 404), late, gone});
    CHECK(totals.refusals == std::map<std::string, std::uint64_t>{{"host_not_allowed", 2},
                                                                  {"not_found", 1}});
    CHECK(totals.requests.at({"none", "", 403, "host_not_allowed"}) == 2);
    CHECK(totals.requests.at({"none", "", 499, "client_gone"}) == 1);
    CHECK(totals.routes.empty());
}

TEST_CASE("a path of ours is a route", "[metrics]") {
    auto probe = refused("ok", 200);
    probe.path = "/livez";
    CHECK(totals_of({probe}).requests.at({"/livez", "", 200, ""}) == 1);
}

TEST_CASE("names that clients make up are one series", "[metrics]") {
    meters counted;
    for (int i = 0; i < 2000; ++i) {
        auto record = answered();
        record.route = fmt::format("google/made-up-{}", i);
        record.alias = {};
        record.listed = false;
        record.status = 404;
        record.cause = "model_not_found";
        counted.count(record);
        record = refused("not_found", 404);
        record.route = fmt::format("/made/up/{}", i);
        counted.count(record);
    }
    metric_totals totals;
    counted.add_to(totals);
    CHECK(totals.requests == std::map<metric_totals::request, std::uint64_t>{
                                 {{"other", "other", 404, "model_not_found"}, 2000},
                                 {{"none", "", 404, "not_found"}, 2000}});
    CHECK(totals.routes.size() == 1);
}

TEST_CASE("a model that nobody lists gets its name once it has answered", "[metrics]") {
    auto record = answered();
    record.alias = {};
    record.listed = false;
    auto ended = [&record](int status, std::string cause, phase where) {
        auto one = record;
        one.status = status;
        one.cause = std::move(cause);
        one.where = where;
        return one;
    };
    std::string const name(flash);
    auto unknown = ended(404, "model_not_found", phase::wait);
    auto unreachable = ended(502, "upstream_unreachable", phase::connect);
    for (auto const& last : {record, ended(429, "rate_limited", phase::wait),
                             ended(200, "stream_incomplete", phase::relay),
                             ended(499, "client_gone", phase::relay)}) {
        auto totals = totals_of({unknown, unreachable, last, unknown});
        CHECK(totals.requests.at({"other", "other", 404, "model_not_found"}) == 1);
        CHECK(totals.requests.at({"other", "other", 502, "upstream_unreachable"}) == 1);
        CHECK(totals.requests.at({name, name, 404, "model_not_found"}) == 1);
    }
}

TEST_CASE("an upstream that is ill does not let clients make up series", "[metrics]") {
    meters counted;
    for (int i = 0; i < 300; ++i) {
        for (auto const* cause : {"upstream_reset", "upstream_timeout", "upstream_unavailable"}) {
            auto record = answered();
            record.route = fmt::format("google/made-up-{}", i);
            record.alias = {};
            record.listed = false;
            record.status = 502;
            record.cause = cause;
            record.where = phase::wait;
            record.first_byte.reset();
            counted.count(record);
        }
    }
    metric_totals totals;
    counted.add_to(totals);
    CHECK(totals.requests.size() == 3);
    CHECK(totals.requests.at({"other", "other", 502, "upstream_reset"}) == 300);
}

TEST_CASE("even of real names and causes there are only so many", "[metrics]") {
    meters counted;
    for (int i = 0; i < 5000; ++i) {
        auto record = answered();
        record.route = fmt::format("google/real-{}", i);
        record.alias = {};
        record.cause = fmt::format("cause_{}", i / 10);
        counted.count(record);
    }
    metric_totals totals;
    counted.add_to(totals);
    CHECK(totals.requests.size() <= counter_table::keys_max + 1);
    CHECK(totals.routes.size() <= 201);
    std::uint64_t all = 0;
    for (auto const& [key, count] : totals.requests) {
        all += count;
    }
    CHECK(all == 5000);
    std::uint64_t timed = 0;
    for (auto const& [route, of_route] : totals.routes) {
        for (auto const& [error, duration] : of_route.durations) {
            timed += duration.count();
        }
    }
    CHECK(timed == 5000);
}

TEST_CASE("each error of each target would be too many durations", "[metrics]") {
    meters counted;
    for (int i = 0; i < 90 * 90; ++i) {
        auto record = answered();
        record.route = fmt::format("google/real-{}", i / 90);
        record.alias = {};
        record.cause = i % 90 == 0 ? "ok" : fmt::format("cause_{}", i % 90);
        counted.count(record);
    }
    metric_totals totals;
    counted.add_to(totals);
    std::size_t series = 0;
    for (auto const& [route, of_route] : totals.routes) {
        series += of_route.durations.size();
        CHECK(of_route.durations.at("").count() == 1); // success is always one of its own
    }
    CHECK(series <= 500 + 2 * 90);
}

TEST_CASE("repairs, retries and connections count by name", "[metrics]") {
    meters counted;
    auto record = answered();
    record.repairs.add(repair::usage);
    counted.count(record);
    record.repairs.add(repair::roles);
    counted.count(record);
    counted.count(resend::fallback);
    counted.count(upstream_line::reused);
    counted.count(upstream_line::reused);
    metric_totals totals;
    counted.add_to(totals);
    CHECK(totals.repairs[static_cast<std::size_t>(repair::usage)] == 2);
    CHECK(totals.repairs[static_cast<std::size_t>(repair::roles)] == 1);
    CHECK(totals.repairs[static_cast<std::size_t>(repair::media)] == 0);
    CHECK(totals.resent == std::array<std::uint64_t, resends>{0, 1, 0, 0});
    CHECK(totals.lines == std::array<std::uint64_t, upstream_lines>{0, 2, 0});
}

TEST_CASE("workers add up", "[metrics]") {
    meters one;
    meters other;
    other.count(refused("not_found", 404)); // numbers its names otherwise
    one.count(answered());
    other.count(answered());
    metric_totals totals;
    one.add_to(totals);
    other.add_to(totals);
    CHECK(totals.requests.at({std::string(flash), "gpt-*", 200, ""}) == 2);
    CHECK(totals.routes.at(std::string(flash)).durations.at("").count() == 2);
}
