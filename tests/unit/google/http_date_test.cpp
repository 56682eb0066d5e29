#include "core/google/http_date.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core::google;

TEST_CASE("a header's date becomes seconds since 1970", "[google][http_date]") {
    CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == seconds{784111777});
    CHECK(parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT") == seconds{0});
    CHECK(parse_http_date("Fri, 02 Jan 2026 03:04:05 GMT") == seconds{1767323045});
    CHECK(parse_http_date("Thu, 29 Feb 2024 23:59:60 GMT") == seconds{1709251200});
}

TEST_CASE("anything else is no date", "[google][http_date]") {
    auto text = GENERATE(as<std::string>{}, "", "0", "120", "Sun, 06 Nov 1994 08:49:37",
                         "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 6 Nov 1994 08:49:37 GMT",
                         "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 31 Feb 2026 08:49:37 GMT",
                         "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:37 GMT",
                         "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994");
    CAPTURE(text);
    CHECK_FALSE(parse_http_date(text));
}
