#include "core/config/aliases.hpp"
#include "unit/config/loading.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using test::errors_in;

TEST_CASE("a route is a string or a table", "[config][models]") {
    // Inline tables take one line (TOML 1.0), so the long one is written as a table of its own.
    auto loaded = load(test::one_file(R"([models]
"gpt-4o" = "google/gemini-3.5-flash"
"llama3:8b" = { model = "meta/llama-4", location = "us-east5", fallbacks = ["us-central1", "a/b"] }
[models.own]
endpoint = "123"
project = "p-1"
location = "us-central1"
api_version = "v1beta1"
host = "psc.internal:8443"
tls_name = "x.prediction.vertexai.goog"
send_model = "m"
passthrough = true
)"));
    REQUIRE(loaded);
    auto const& models = loaded->config.models;
    REQUIRE(models.size() == 3);
    CHECK(models[0].name == "gpt-4o");
    CHECK(models[0].model == "google/gemini-3.5-flash");
    CHECK(models[1].name == "llama3:8b");
    CHECK(models[1].location == "us-east5");
    CHECK(models[1].fallbacks == std::vector<std::string>{"us-central1", "a/b"});
    CHECK(models[2].endpoint == "123");
    CHECK(models[2].project == "p-1");
    CHECK(models[2].api_version == "v1beta1");
    CHECK(models[2].host == "psc.internal:8443");
    CHECK(models[2].tls_name == "x.prediction.vertexai.goog");
    CHECK(models[2].send_model == "m");
    CHECK(models[2].passthrough);
    CHECK(loaded->origin("models.own") == "relay.toml:4:9");
}

TEST_CASE("a route in a later layer replaces the whole route", "[config][models]") {
    auto layers = test::one_file("[models]\na = { endpoint = \"1\" }\nb = \"google/x\"\n");
    layers.files.push_back({"second.toml", "[models]\na = \"google/y\"\n"});
    layers.flags.push_back({"models", "b=456", "--model"});
    layers.flags.push_back({"models", "c=d=google/z", "--model"});
    auto loaded = load(layers);
    REQUIRE(loaded);
    auto const& models = loaded->config.models;
    REQUIRE(models.size() == 3);
    CHECK(models[0].model == "google/y");
    CHECK(models[0].endpoint.empty());
    CHECK(models[1].model.empty());
    CHECK(models[1].endpoint == "456");
    CHECK(models[2].name == "c=d");
    CHECK(loaded->origin("models.a") == "second.toml:2:1");
    CHECK(loaded->origin("models.b") == "--model");
}

TEST_CASE("what is wrong with a route is said where it stands", "[config][models]") {
    auto errors = errors_in(R"([models]
a = "gemini"
b = { endpoint = "1", model = "google/x" }
c = { }
d = { endpont = "1" }
e = { model = "google/x", location = "US" }
f = { model = "google/x", fallbacks = ["Nowhere"] }
g = { model = "google/x", passthrough = "yes" }
h = { model = "google/x", api_version = "v2" }
i = { model = "google/x", host = "https://x" }
j = { endpoint = "../1" }
k = 3
l.m = "google/x"
)");
    REQUIRE(errors.size() == 12);
    CHECK(errors[0].starts_with("relay.toml:2:5: models.a.model: \"gemini\": expected publisher"));
    CHECK(errors[1] == "relay.toml:3:1: models.b: has both model and endpoint, give one");
    CHECK(errors[2] == "relay.toml:4:1: models.c: needs model or endpoint");
    CHECK(errors[3] == "relay.toml:5:7: models.d.endpont: unknown key, did you mean endpoint?");
    CHECK(errors[4].find("models.e.location: \"US\"") != std::string::npos);
    CHECK(errors[5].find("models.f.fallbacks: \"Nowhere\"") != std::string::npos);
    CHECK(errors[6].find("models.g.passthrough: expected true or false") != std::string::npos);
    CHECK(errors[7].find("models.h.api_version: \"v2\"") != std::string::npos);
    CHECK(errors[8].find("models.i.host: \"https://x\"") != std::string::npos);
    CHECK(errors[9].find("models.j.endpoint: \"../1\"") != std::string::npos);
    CHECK(errors[10].find("models.k.model: expected a string") != std::string::npos);
    CHECK(errors[11].find("models.l.m: unknown key (the name") != std::string::npos);
}

TEST_CASE("an endpoint id as a bare target gets the table to write", "[config][models]") {
    auto errors = errors_in("[models]\nown = \"1234\"\n");
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].find("{ endpoint = \"1234\"") != std::string::npos);
}

TEST_CASE("aliases of the command line need a name and a target", "[config][models]") {
    for (auto text : {"", "a", "=google/x", "a="}) {
        CAPTURE(text);
        CHECK_FALSE(parse_alias(text));
    }
    auto entry = parse_alias("llama3:8b=meta/llama-4");
    REQUIRE(entry);
    auto route = read_alias(*entry);
    REQUIRE(route);
    CHECK(route->name == "llama3:8b");
    CHECK(route_to_toml(*route) == "\"meta/llama-4\"");
}

TEST_CASE("routes are written as they can be read", "[config][models]") {
    model_route route;
    route.endpoint = "1";
    route.location = "us-central1";
    route.passthrough = true;
    CHECK(route_to_toml(route) ==
          "{ endpoint = \"1\", location = \"us-central1\", passthrough = true }");
}
