#include "core/config/near_miss.hpp"

#include <catch2/catch.hpp>

#include <array>

using vertex_relay::core::nearest;

TEST_CASE("near misses find the name that was meant", "[config]") {
    std::array<std::string_view, 5> names{"listen", "listen_mode", "google.project",
                                          "google.quota_project", "upstream.idle_timeout_ms"};
    CHECK(nearest("lisen", names) == "listen");
    CHECK(nearest("lsiten", names) == "listen");
    CHECK(nearest("listen-mode", names) == "listen_mode");
    CHECK(nearest("google.quota-project", names) == "google.quota_project");
    CHECK(nearest("GOOGLE_PROJECT", names) == "google.project");
    CHECK(nearest("project", names) == "google.project");
    CHECK(nearest("idle_timeout_ms", names) == "upstream.idle_timeout_ms");
}

TEST_CASE("nothing is suggested for a name far from all", "[config]") {
    std::array<std::string_view, 2> names{"listen", "google.project"};
    CHECK(nearest("temperature", names).empty());
    CHECK(nearest("", names).empty());
    CHECK(nearest("x", names).empty());
    CHECK(nearest(std::string(1000, 'l'), names).empty());
}
