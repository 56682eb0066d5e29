#include "core/vertex/missing_model.hpp"

#include "unit/vertex/routing.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using namespace vertex_relay::core::test;
using Catch::Matchers::Contains;

namespace {

constexpr auto models = R"([[model]]
id = "google/gemini-3.5-flash"
locations = ["global", "us"]

[[model]]
id = "meta/llama-4"
locations = ["us-east5"]

[[model]]
id = "google/gemini-2.0-flash"
locations = ["global"]
retires = 2026-06-01
successor = "google/gemini-3.5-flash"
)";

std::string advice(std::string const& name, std::string_view today = "2026-05-01") {
    auto known = catalogue::parse(models);
    REQUIRE(known);
    route_table routes({}, {.project = "p", .location = "global", .universe = "googleapis.com"},
                       std::move(*known));
    auto where = routes.resolve(name);
    REQUIRE(where);
    return advise_on_missing(*where, routes, today);
}

} // namespace

TEST_CASE("a model asked for in the wrong place is told where it lives", "[vertex][missing]") {
    CHECK(advice("meta/llama-4") ==
          "It lives in us-east5: set google.location, or `location` of an alias.");
    CHECK_THAT(advice("google/gemini-3.5-flash"), !Contains("lives in"));
}

TEST_CASE("a mistyped model is told what comes near", "[vertex][missing]") {
    CHECK_THAT(advice("gemini-3.5-flsh"), Contains("Did you mean google/gemini-3.5-flash"));
    CHECK_THAT(advice("meta/llama"), Contains("meta/llama-4"));
    CHECK_THAT(advice("qwen/quite-another-thing-altogether"), Contains("GET /v1/models"));
}

TEST_CASE("a model past its date is told since when", "[vertex][missing]") {
    CHECK_THAT(advice("google/gemini-2.0-flash", "2026-06-02"),
               Contains("retired on 2026-06-01; use google/gemini-3.5-flash."));
    CHECK_THAT(advice("google/gemini-2.0-flash"), !Contains("retired"));
}

TEST_CASE("a retired model is not what was meant", "[vertex][missing]") {
    auto const* flash = "google/gemini-2.0-flash";
    CHECK_THAT(advice("google/gemini-2.0-flush", "2026-05-01"), Contains(flash));
    CHECK_THAT(advice("google/gemini-2.0-flush", "2026-06-02"), !Contains(flash));
}
