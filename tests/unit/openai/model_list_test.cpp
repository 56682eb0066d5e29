// `GET /v1/models` and `/v1/models/{id}`, for tools with a model picker.

#include "core/http/resource.hpp"
#include "core/openai/model_list.hpp"
#include "unit/vertex/routing.hpp"

#include <catch2/catch.hpp>
#include <simdjson.h>

using namespace vertex_relay::core;
using namespace vertex_relay::core::test;

namespace {

std::vector<std::string> ids(std::string const& list) {
    simdjson::dom::parser parser;
    simdjson::dom::element document;
    REQUIRE(parser.parse(list).get(document) == simdjson::SUCCESS);
    CHECK(std::string_view(document["object"]) == "list");
    std::vector<std::string> out;
    for (auto entry : document["data"]) {
        simdjson::dom::object object;
        REQUIRE(entry.get(object) == simdjson::SUCCESS);
        CHECK(object.size() == 4);
        CHECK(std::string_view(entry["object"]) == "model");
        CHECK(entry["created"].is_int64());
        CHECK(entry["owned_by"].is_string());
        out.emplace_back(std::string_view(entry["id"]));
    }
    return out;
}

} // namespace

TEST_CASE("aliases come first, then the catalogue, without patterns", "[openai][models]") {
    auto routes = make_routes(R"([models]
"gpt-4o" = "google/gemini-3.5-flash"
"gpt-*" = "google/gemini-3.5-flash"
"my-gemma" = { endpoint = "123", location = "us-central1" }
"say \"hi\"\n" = "meta/llama-4"
)");
    CHECK(ids(model_list(routes, "2026-01-01")) ==
          std::vector<std::string>{"gpt-4o", "my-gemma", "say \"hi\"\n", "google/gemini-3.5-flash",
                                   "google/gemini-2.0-flash"});
}

TEST_CASE("the list has OpenAI's shape to the byte", "[openai][models]") {
    auto routes = make_routes("[models]\na = { endpoint = \"1\" }\nb = \"meta/llama-4\"\n");
    CHECK(model_list(routes, "2026-12-01") ==
          R"({"object":"list","data":[)"
          R"({"id":"a","object":"model","created":0,"owned_by":"self-deployed"},)"
          R"({"id":"b","object":"model","created":0,"owned_by":"meta"},)"
          R"({"id":"google/gemini-3.5-flash","object":"model","created":0,"owned_by":"google"}]})");
}

TEST_CASE("a model leaves the list after its date, and is still answered", "[openai][models]") {
    auto routes = make_routes();
    CHECK(ids(model_list(routes, "2026-06-01")).size() == 2); // its last day
    CHECK(ids(model_list(routes, "2026-06-02")) ==
          std::vector<std::string>{"google/gemini-3.5-flash"});
    auto entry = model_entry(routes, "google/gemini-2.0-flash");
    REQUIRE(entry);
    CHECK(*entry == R"({"id":"google/gemini-2.0-flash","object":"model","created":0,)"
                    R"("owned_by":"google"})");
}

TEST_CASE("a name is listed once, also if an alias covers a catalogue model", "[openai][models]") {
    auto routes =
        make_routes("[models]\n\"google/gemini-3.5-flash\" = \"google/gemini-3.8-flash\"\n"
                    "\"google/gemini-2.0-flash\" = \"google/gemini-3.8-flash\"\n");
    CHECK(ids(model_list(routes, "2026-01-01")) ==
          std::vector<std::string>{"google/gemini-3.5-flash", "google/gemini-2.0-flash"});
    // An alias is the operator's word: what it stands for may be well alive.
    CHECK(ids(model_list(routes, "2026-12-01")).size() == 2);
}

TEST_CASE("with only_listed_models the catalogue is not offered", "[openai][models]") {
    auto routes = make_routes("[access]\nonly_listed_models = true\n"
                              "[models]\na = \"google/gemini-3.5-flash\"\n");
    CHECK(ids(model_list(routes, "2026-01-01")) == std::vector<std::string>{"a"});
    auto none = make_routes("[access]\nonly_listed_models = true\n");
    CHECK(model_list(none, "2026-01-01") == R"({"object":"list","data":[]})");
}

TEST_CASE("every listed model has an entry, equal to its element", "[openai][models]") {
    auto routes =
        make_routes("[models]\n\"llama3:8b\" = \"meta/llama-4\"\n\"a/b c\" = \"google/x\"\n");
    auto list = model_list(routes, "2026-01-01");
    for (auto const& id : ids(list)) {
        auto entry = model_entry(routes, id);
        REQUIRE(entry);
        CHECK(list.find(*entry) != std::string::npos);
    }
}

TEST_CASE("an id may come percent-encoded or plain", "[openai][models]") {
    auto routes =
        make_routes("[models]\n\"llama3:8b\" = \"meta/llama-4\"\n\"gpt-*\" = \"google/x\"\n");
    struct row {
        std::string_view path;
        std::string_view id;
    };
    auto line = GENERATE(row{"/v1/models/google%2Fgemini-3.5-flash", "google/gemini-3.5-flash"},
                         row{"/v1/models/google/gemini-3.5-flash", "google/gemini-3.5-flash"},
                         row{"/v1/models/gemini-3.5-flash", "gemini-3.5-flash"},
                         row{"/models/llama3%3A8b", "llama3:8b"}, row{"/v1/models/gpt-5", "gpt-5"});
    CAPTURE(line.path);
    auto match = find_resource("GET", line.path);
    REQUIRE(match);
    auto entry = model_entry(routes, match->model_id);
    REQUIRE(entry);
    CHECK(entry->starts_with("{\"id\":\"" + std::string(line.id) + "\""));
}

TEST_CASE("a model nobody knows is not found", "[openai][models]") {
    auto routes = make_routes();
    auto entry = model_entry(routes, "gemini3.5-flash");
    REQUIRE_FALSE(entry);
    CHECK(entry.error().status == 404);
    CHECK(entry.error().code == "model_not_found");
    CHECK_THAT(entry.error().message, Catch::Contains("google/gemini-3.5-flash"));
    CHECK_FALSE(model_entry(routes, "../secrets"));
}

TEST_CASE("an open model that lives elsewhere is not offered", "[openai][models]") {
    auto known = catalogue::parse("[[model]]\nid = \"meta/llama-4\"\nlocations = [\"us-east5\"]\n"
                                  "[[model]]\nid = \"google/gemini-3.5-flash\"\n"
                                  "locations = [\"global\"]\n");
    REQUIRE(known);
    auto offered = [&](std::string const& location) {
        route_table routes(
            {}, {.project = "p", .location = location, .universe = "googleapis.com"}, *known);
        return offered_names(routes, "2026-01-01");
    };
    CHECK(offered("global") == std::vector<std::string>{"google/gemini-3.5-flash"});
    CHECK(offered("us-east5") ==
          std::vector<std::string>{"meta/llama-4", "google/gemini-3.5-flash"});
}
