// A route's fallbacks as targets, and the body each of them gets.

#include "core/vertex/body_edits.hpp"
#include "core/vertex/route_table.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;

namespace {

target resolve(model_route route, config settings = {}) {
    auto name = route.name;
    settings.models.push_back(std::move(route));
    route_table routes(settings, {"home", "global", "googleapis.com"}, catalogue::built_in());
    return routes.resolve(name).value();
}

std::string sent_to(target const& where, std::string_view body) {
    simdjson::dom::parser parser;
    simdjson::padded_string padded(body);
    auto request = read_chat_request(parser, padded).value();
    located_json tree;
    auto changes = body_edits(request, body, where, {repair_set::all(), tree, {}}).value();
    CHECK(changes.repairs.empty());
    std::string out;
    for (auto span : gather(body, changes.edits)) {
        out += span;
    }
    return out;
}

} // namespace

TEST_CASE("a body of more values than can be repaired goes out as it is", "[vertex][fallback]") {
    auto where = resolve({.name = "a", .model = "google/gemini-3.5-flash"});
    std::string body = R"({"model":"a","messages":[],"x":[1)";
    for (std::size_t i = 0; i < located_json::nodes_max; ++i) {
        body += ",1";
    }
    body += "]}";
    auto wanted = body;
    wanted.replace(wanted.find("\"a\""), 3, "\"google/gemini-3.5-flash\"");
    bool same = sent_to(where, body) == wanted;
    CHECK(same);
}

TEST_CASE("a fallback changes the location or the model, and nothing else", "[vertex][fallback]") {
    auto first = resolve({.name = "steady",
                          .model = "google/gemini-3.5-flash",
                          .project = "paid",
                          .location = "europe-west4",
                          .api_version = "v1beta1",
                          .fallbacks = {"us-central1", "google/gemini-3.8-flash", "global"}});
    CHECK(first.place == "google/gemini-3.5-flash@europe-west4");
    REQUIRE(first.fallbacks.size() == 3);

    auto const& there = first.fallbacks[0];
    CHECK(there.place == "google/gemini-3.5-flash@us-central1");
    CHECK(there.host.name == "us-central1-aiplatform.googleapis.com");
    CHECK(there.host.tls_name == there.host.name);
    CHECK(there.path ==
          "/v1beta1/projects/paid/locations/us-central1/endpoints/openapi/chat/completions");
    CHECK(there.model == "google/gemini-3.5-flash");

    auto const& other = first.fallbacks[1];
    CHECK(other.place == "google/gemini-3.8-flash@europe-west4");
    CHECK(other.label == "google/gemini-3.8-flash");
    CHECK(other.host == first.host);
    CHECK(other.path == first.path);
    CHECK(other.model == "google/gemini-3.8-flash");

    CHECK(first.fallbacks[2].host.name == "aiplatform.googleapis.com");
    for (auto const& one : first.fallbacks) {
        CHECK(one.fallbacks.empty());
    }
}

TEST_CASE("a host that was configured is kept for every fallback", "[vertex][fallback]") {
    model_route route{.name = "steady",
                      .model = "google/gemini-3.5-flash",
                      .host = "vertex.internal:8443",
                      .tls_name = "aiplatform.googleapis.com",
                      .fallbacks = {"us-central1"}};
    auto own = resolve(route);
    CHECK(own.fallbacks.at(0).host == own.host);
    config settings;
    settings.upstream.endpoint = "https://127.0.0.1:1234";
    auto all = resolve(route, settings);
    CHECK(all.fallbacks.at(0).host == all.host);
    CHECK(all.fallbacks.at(0).host.port == 1234);
}

TEST_CASE("nobody falls back anywhere unasked", "[vertex][fallback]") {
    config settings;
    settings.models = {{.name = "a", .model = "google/gemini-3.5-flash"},
                       {.name = "b", .model = "google/gemini-3.5-flash", .fallbacks = {"eu"}}};
    route_table routes(settings, {"home", "global", "googleapis.com"}, catalogue::built_in());
    for (auto name : {"a", "google/gemini-3.5-flash", "gemini-3.5-flash"}) {
        CHECK(routes.resolve(name)->fallbacks.empty());
    }
    CHECK(routes.resolve("b")->fallbacks.size() == 1);
}

TEST_CASE("each target gets the same body with its own model", "[vertex][fallback]") {
    constexpr std::string_view body = R"({"messages":[],"model":"steady","n":1})";
    auto first = resolve({.name = "steady",
                          .model = "google/gemini-3.5-flash",
                          .fallbacks = {"eu", "meta/llama-4"}});
    CHECK(sent_to(first, body) == R"({"messages":[],"model":"google/gemini-3.5-flash","n":1})");
    CHECK(sent_to(first.fallbacks[0], body) == sent_to(first, body));
    CHECK(sent_to(first.fallbacks[1], body) == R"({"messages":[],"model":"meta/llama-4","n":1})");
    auto own = resolve({.name = "own", .endpoint = "123"});
    CHECK(own.place == "endpoints/123@global");
    CHECK(sent_to(own, body) == R"({"messages":[],"n":1})");
}
