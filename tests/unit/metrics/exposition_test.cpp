// Prometheus' text format, byte by byte.

#include "core/metrics/exposition.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;

TEST_CASE("a family is these bytes", "[metrics]") {
    exposition out;
    out.counter("a_total", "How many.");
    out.sample({}, std::uint64_t{18'446'744'073'709'551'615U});
    out.sample({{"x", "1"}, {"y", "two"}}, std::uint64_t{0});
    out.gauge("b", "How much.");
    out.sample({}, 0.5);
    out.sample({{"x", ""}}, 1e21);
    CHECK(out.text() == "# HELP a_total How many.\n"
                        "# TYPE a_total counter\n"
                        "a_total 18446744073709551615\n"
                        "a_total{x=\"1\",y=\"two\"} 0\n"
                        "# HELP b How much.\n"
                        "# TYPE b gauge\n"
                        "b 0.5\n"
                        "b 1e+21\n");
}

TEST_CASE("buckets add up to the count, whatever is in them", "[metrics]") {
    constexpr std::array<std::uint64_t, 3> bounds{10'000, 2'500'000, 81'920'000};
    histogram_total total{.buckets = {1, 0, 2, 4}, .sum = 1'500'000};
    exposition out;
    out.histogram("h_seconds", "How long.");
    out.sample({{"x", "1"}}, total, bounds, 1e6);
    CHECK(out.text() == "# HELP h_seconds How long.\n"
                        "# TYPE h_seconds histogram\n"
                        "h_seconds_bucket{x=\"1\",le=\"0.01\"} 1\n"
                        "h_seconds_bucket{x=\"1\",le=\"2.5\"} 1\n"
                        "h_seconds_bucket{x=\"1\",le=\"81.92\"} 3\n"
                        "h_seconds_bucket{x=\"1\",le=\"+Inf\"} 7\n"
                        "h_seconds_sum{x=\"1\"} 1.5\n"
                        "h_seconds_count{x=\"1\"} 7\n");
}

TEST_CASE("a label's value cannot end its line or its quotes", "[metrics]") {
    struct row {
        std::string value;
        std::string written;
    };
    auto line = GENERATE(values<row>({{"a\"b", "a\\\"b"},
                                      {"a\\b", "a\\\\b"},
                                      {"a\nb", "a\\nb"},
                                      {"\"} 1\nfake 2", "\\\"} 1\\nfake 2"},
                                      {"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"},
                                      {"\xff", "\xef\xbf\xbd"},
                                      {"a\xc3", "a\xef\xbf\xbd"},
                                      {"\r\t", "\r\t"}}));
    exposition out;
    out.gauge("g", "Some.");
    out.sample({{"x", line.value}}, std::uint64_t{1});
    CHECK(out.text() ==
          "# HELP g Some.\n# TYPE g gauge\ng{x=\"" + line.written + "\"} 1\n");
}
