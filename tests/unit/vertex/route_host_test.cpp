// Which server a route leads to, and under which project, location and version.

#include "unit/vertex/routing.hpp"

using namespace vertex_relay::core;
using namespace vertex_relay::core::test;

namespace {

upstream_host tls(std::string name, std::uint16_t port = 443, std::string certificate = {}) {
    return {true, name, port, certificate.empty() ? name : certificate};
}

} // namespace

TEST_CASE("the location decides the host", "[vertex][host]") {
    struct row {
        std::string location, universe, host;
    };
    auto line =
        GENERATE(row{"global", "", "aiplatform.googleapis.com"},
                 row{"us", "", "aiplatform.us.rep.googleapis.com"},
                 row{"eu", "", "aiplatform.eu.rep.googleapis.com"},
                 row{"us-central1", "", "us-central1-aiplatform.googleapis.com"},
                 row{"europe-west4", "googleapis.com", "europe-west4-aiplatform.googleapis.com"},
                 row{"global", "tpc.example", "aiplatform.tpc.example"},
                 row{"u-west2", "tpc.example", "u-west2-aiplatform.tpc.example"});
    CAPTURE(line.location, line.universe);
    auto found = resolved(make_routes("", {"p", line.location, line.universe}), "google/m");
    CHECK(found.host == tls(line.host));
    CHECK(found.location == line.location);
    auto alias = "[models]\na = { model = \"google/m\", location = \"" + line.location + "\" }\n";
    auto by_route = resolved(make_routes(alias, {"p", "asia-east1", line.universe}), "a");
    CHECK(by_route.host == tls(line.host));
    CHECK(by_route.path ==
          "/v1/projects/p/locations/" + line.location + "/endpoints/openapi/chat/completions");
}

TEST_CASE("a route may have its own project, location and version", "[vertex][host]") {
    auto routes = make_routes(R"(upstream.api_version = "v1beta1"
[models]
"here" = "google/m"
"own" = { endpoint = "7", project = "q", location = "us-east5" }
[models.there]
model = "google/m"
project = "example.com:other-1"
location = "eu"
api_version = "v1"
)");
    auto here = resolved(routes, "here");
    CHECK(here.path == "/v1beta1/projects/p/locations/global/endpoints/openapi/chat/completions");
    CHECK(here.project == "p");
    auto there = resolved(routes, "there");
    CHECK(there.path ==
          "/v1/projects/example.com:other-1/locations/eu/endpoints/openapi/chat/completions");
    CHECK(there.project == "example.com:other-1");
    CHECK(there.location == "eu");
    auto own = resolved(routes, "own");
    CHECK(own.path == "/v1beta1/projects/q/locations/us-east5/endpoints/7/chat/completions");
    CHECK(own.lookup_path == "/v1beta1/projects/q/locations/us-east5/endpoints/7");
    CHECK(own.host == tls("us-east5-aiplatform.googleapis.com"));
}

TEST_CASE("a route's host is taken as it is, and no other is looked up", "[vertex][host]") {
    auto routes = make_routes(R"([models]
"psc" = { endpoint = "7", location = "us-east5", host = "10.0.0.5", tls_name = "7.real.example" }
"port" = { endpoint = "7", location = "us-east5", host = "PSC.Internal:8443" }
"six" = { model = "google/m", host = "[fd00::5]:8443", tls_name = "aiplatform.googleapis.com" }
"name" = { model = "google/m", location = "us-east5", tls_name = "x.p.googleapis.com" }
)");
    auto psc = resolved(routes, "psc");
    CHECK(psc.host == tls("10.0.0.5", 443, "7.real.example"));
    CHECK_FALSE(psc.needs_dedicated_host);
    CHECK(resolved(routes, "port").host == tls("psc.internal", 8443));
    auto six = resolved(routes, "six");
    CHECK(six.host == tls("fd00::5", 8443, "aiplatform.googleapis.com"));
    CHECK(six.host.authority() == "[fd00::5]:8443");
    CHECK(resolved(routes, "name").host ==
          tls("us-east5-aiplatform.googleapis.com", 443, "x.p.googleapis.com"));
}

TEST_CASE("upstream.endpoint replaces every host", "[vertex][host]") {
    auto routes = make_routes(R"(upstream.endpoint = "http://127.0.0.1:8080"
[models]
"a" = "google/m"
"own" = { endpoint = "7", location = "us-east5" }
"psc" = { endpoint = "7", location = "us-east5", host = "psc.internal", tls_name = "x" }
)");
    for (std::string name : {"a", "own", "psc", "gemini-1"}) {
        auto where = resolved(routes, name);
        CHECK(where.host == upstream_host{false, "127.0.0.1", 8080, "127.0.0.1"});
        CHECK_FALSE(where.needs_dedicated_host);
    }
}

TEST_CASE("an endpoint is a scheme, a host and a port", "[vertex][host]") {
    struct row {
        std::string_view url;
        upstream_host host;
    };
    auto line = GENERATE(row{"https://a.b", tls("a.b")}, row{"https://a.b/", tls("a.b")},
                         row{"https://A.b:8443", tls("a.b", 8443)},
                         row{"http://127.0.0.1", {false, "127.0.0.1", 80, "127.0.0.1"}},
                         row{"http://[::1]:8080", {false, "::1", 8080, "::1"}});
    CAPTURE(line.url);
    auto host = parse_upstream_endpoint(line.url);
    REQUIRE(host);
    CHECK(*host == line.host);
    for (auto url : {"",
                     "a.b",
                     "a.b:443",
                     "HTTPS://a.b",
                     "ftp://a.b",
                     "https://",
                     "https:///",
                     "https://a.b/x",
                     "https://a.b?x",
                     "https://a.b#x",
                     "https://u@a.b",
                     "https://u:p@a.b",
                     "https://a.b:",
                     "https://a.b:x",
                     "https://a.b:65536",
                     "https://a b",
                     "https://[::1",
                     "https://[a.b]",
                     "https://a.b\r\nX: y",
                     "https://a.b//",
                     "//a.b",
                     "https:/a.b"}) {
        CAPTURE(url);
        CHECK_FALSE(parse_upstream_endpoint(url));
    }
}
