#include "core/google/rfc3339.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace vertex_relay::core::google;

TEST_CASE("timestamps are read in every form RFC 3339 knows", "[google][rfc3339]") {
    constexpr seconds moment{1767323045};
    auto text = GENERATE(as<std::string>{}, "2026-01-02T03:04:05Z", "2026-01-02t03:04:05z",
                         "2026-01-02T03:04:05.1Z", "2026-01-02T03:04:05.999999999Z",
                         "2026-01-02T04:04:05+01:00", "2026-01-01T22:34:05-04:30",
                         "2026-01-02T03:04:05.000Z");
    CAPTURE(text);
    CHECK(parse_rfc3339(text) == moment);
}

TEST_CASE("timestamps at the edges", "[google][rfc3339]") {
    CHECK(parse_rfc3339("1970-01-01T00:00:00Z") == seconds{0});
    CHECK(parse_rfc3339("2024-02-29T00:00:00Z") == seconds{1709164800});
    CHECK(parse_rfc3339("2016-12-31T23:59:60Z") == seconds{1483228800}); // a leap second
    CHECK(parse_rfc3339("1969-12-31T23:59:59Z") == seconds{-1});
}

TEST_CASE("what is no timestamp is refused", "[google][rfc3339]") {
    auto text = GENERATE(as<std::string>{}, "", "soon", "2026-01-02", "2026-01-02T03:04:05",
                         "2026-01-02 03:04:05Z", "2026-1-2T03:04:05Z", "2026-13-02T03:04:05Z",
                         "2025-02-29T03:04:05Z", "2026-01-00T03:04:05Z", "2026-01-02T24:04:05Z",
                         "2026-01-02T03:60:05Z", "2026-01-02T03:04:61Z", "2026-01-02T03:04:05.Z",
                         "2026-01-02T03:04:05.1234567890Z", "2026-01-02T03:04:05+0100",
                         "2026-01-02T03:04:05+24:00", "2026-01-02T03:04:05Z ",
                         "+026-01-02T03:04:05Z", "2026-01-02T03:04:05ZZ", "-2026-01-02T03:04:05Z");
    CAPTURE(text);
    CHECK_FALSE(parse_rfc3339(text));
}
