// From the model a tool asks for to the model that answers: each rule, and which comes first.

#include "unit/vertex/routing.hpp"

using namespace vertex_relay::core;
using namespace vertex_relay::core::test;
using Catch::Matchers::Contains;

namespace {

/// What answers: the published model, or `endpoints/ID`.
std::string answers(route_table const& routes, std::optional<std::string> const& name) {
    return resolved(routes, name).label;
}

} // namespace

TEST_CASE("without a model: the default, else the only alias, else 400", "[vertex][route]") {
    auto model = GENERATE(values<std::optional<std::string>>({std::nullopt, std::string()}));
    CHECK(answers(make_routes("default_model = \"gemini-3.5-flash\"\n[models]\na = \"meta/b\"\n"),
                  model) == "google/gemini-3.5-flash");
    CHECK(answers(make_routes("default_model = \"a\"\n[models]\na = \"meta/b\"\nc = \"meta/d\"\n"),
                  model) == "meta/b");
    CHECK(answers(make_routes("default_model = \"gpt-5\"\n[models]\n\"gpt-*\" = \"meta/b\"\n"),
                  model) == "meta/b");
    CHECK(answers(make_routes("[models]\na = \"meta/b\"\n"), model) == "meta/b");
    CHECK(answers(make_routes("[models]\na = \"meta/b\"\n\"x*\" = \"meta/c\"\n"), model) ==
          "meta/b");
    for (auto toml :
         {"", "[models]\na = \"meta/b\"\nc = \"meta/d\"\n", "[models]\n\"*\" = \"meta/b\"\n"}) {
        auto error = unresolved(make_routes(toml), model);
        CHECK(error.status == 400);
        CHECK(error.code == "missing_model");
        CHECK(error.type == "invalid_request_error");
        CHECK(error.param == "model");
        CHECK_THAT(error.message, Contains("default_model"));
    }
    auto listed = make_routes("default_model = \"meta/b\"\n[models]\na = \"meta/b\"\n"
                              "\"meta/*\" = \"meta/c\"\n");
    CHECK(answers(listed, model) == "meta/c");
}

TEST_CASE("an exact alias, then the longest pattern, then the name itself", "[vertex][route]") {
    auto routes = make_routes(R"([models]
"*" = "meta/any"
"gpt-*" = "meta/gpt"
"gpt-4*" = "meta/gpt-4"
"gpt-4o" = "meta/exact"
"*-mini" = "meta/mini"
"google/gemini-2.5-pro" = "google/gemini-3.8-flash"
)");
    struct row {
        std::string name, model;
    };
    auto line = GENERATE(
        row{"gpt-4o", "meta/exact"}, row{"gpt-4o-2024", "meta/gpt-4"}, row{"gpt-4", "meta/gpt-4"},
        row{"gpt-", "meta/gpt"}, row{"gpt-5", "meta/gpt"},
        row{"gpt-4-mini", "meta/gpt-4"}, // of two patterns as long the first one written
        row{"o3-mini", "meta/mini"}, row{"GPT-4o", "meta/any"},
        row{"google/gemini-3.5-flash", "meta/any"},
        row{"google/gemini-2.5-pro", "google/gemini-3.8-flash"}, row{"llama3:8b", "meta/any"},
        row{"anything at all\n", "meta/any"}, row{"../..", "meta/any"});
    CAPTURE(line.name);
    CHECK(answers(routes, line.name) == line.model);
}

TEST_CASE("a target is not looked up again", "[vertex][route]") {
    auto routes = make_routes(R"([models]
"a" = "google/b"
"google/b" = "google/c"
"google/c" = "google/a"
)");
    CHECK(answers(routes, "a") == "google/b");
    CHECK(answers(routes, "google/b") == "google/c");
    CHECK(answers(routes, "google/c") == "google/a");
}

TEST_CASE("published names pass as they are", "[vertex][route]") {
    auto routes = make_routes();
    struct row {
        std::string name, model;
    };
    auto line =
        GENERATE(row{"google/gemini-3.5-flash", "google/gemini-3.5-flash"},
                 row{"google/gemini-99-not-yet-known", "google/gemini-99-not-yet-known"},
                 row{"meta/llama-4@001", "meta/llama-4@001"},
                 row{"gemini-3.5-flash", "google/gemini-3.5-flash"},
                 row{"gemini-2.0-flash@default", "google/gemini-2.0-flash@default"},
                 row{"publishers/google/models/gemini-3.5-flash", "google/gemini-3.5-flash"},
                 row{"publishers/meta/models/llama@1", "meta/llama@1"},
                 row{"models/gemini-3.5-flash", "models/gemini-3.5-flash"});
    CAPTURE(line.name);
    auto where = resolved(routes, line.name);
    CHECK(where.model == line.model);
    CHECK(where.label == line.model);
    CHECK(where.path == "/v1/projects/p/locations/global/endpoints/openapi/chat/completions");
    CHECK(where.endpoint.empty());
    CHECK(where.lookup_path.empty());
    CHECK_FALSE(where.needs_dedicated_host);
}

TEST_CASE("an unknown name is not found, and near ones are named", "[vertex][route]") {
    auto routes = make_routes("[models]\n\"gpt-4o\" = \"google/x\"\n\"gpt-*\" = \"google/y\"\n");
    struct row {
        std::string name, near;
    };
    auto line = GENERATE(row{"gtp-4o", "Did you mean gpt-4o?"},
                         row{"Gemini-3.5-flash", "google/gemini-3.5-flash"},
                         row{"gemni-3.5-flash", "google/gemini-3.5-flash"},
                         row{"3.5-flash", "google/gemini-3.5-flash"},
                         row{"zzzzzzzzzzzz", "GET /v1/models lists what there is"},
                         row{"..", "GET /v1/models"}, row{"1234567890", "GET /v1/models"});
    CAPTURE(line.name);
    auto error = unresolved(routes, line.name);
    CHECK(error.status == 404);
    CHECK(error.code == "model_not_found");
    CHECK(error.type == "invalid_request_error");
    CHECK(error.param == "model");
    CHECK_THAT(error.message,
               Contains(line.near) && Contains("'" + line.name + "'") && Contains("[models]"));
}

TEST_CASE("only_listed_models lets nothing else through", "[vertex][route]") {
    auto routes = make_routes("[access]\nonly_listed_models = true\n"
                              "[models]\na = \"google/gemini-3.5-flash\"\n\"b-*\" = \"meta/c\"\n");
    CHECK(answers(routes, "a") == "google/gemini-3.5-flash");
    CHECK(answers(routes, "b-1") == "meta/c");
    CHECK(answers(routes, std::nullopt) == "google/gemini-3.5-flash");
    for (std::string name : {"google/gemini-3.5-flash", "gemini-3.5-flash", "meta/c", "x/../y"}) {
        auto error = unresolved(routes, name);
        CHECK(error.status == 404);
        CHECK(error.code == "model_not_found");
        CHECK_THAT(error.message, Contains("access.only_listed_models"));
    }
    // What is not offered is not advertised either.
    CHECK_THAT(unresolved(routes, "gemini-3.5-flash").message,
               !Contains("google/gemini-3.5-flash,"));
    CHECK(routes.names() == std::vector<std::string>{"a"});
}

TEST_CASE("an own endpoint answers by alias alone", "[vertex][route]") {
    auto routes = make_routes(R"([models]
"plain" = { endpoint = "123", location = "us-central1" }
"named" = { endpoint = "123", location = "us-central1", send_model = "served name" }
)");
    auto plain = resolved(routes, "plain");
    CHECK(plain.path == "/v1/projects/p/locations/us-central1/endpoints/123/chat/completions");
    CHECK_FALSE(plain.model);
    CHECK(plain.label == "endpoints/123");
    CHECK(plain.endpoint == "123");
    CHECK(plain.lookup_path == "/v1beta1/projects/p/locations/us-central1/endpoints/123");
    CHECK(plain.needs_dedicated_host);
    CHECK(resolved(routes, "named").model == "served name");
    for (std::string name :
         {"123", "endpoints/123", "openapi", "projects/p/locations/l/endpoints/123"}) {
        auto where = routes.resolve(name);
        CAPTURE(name);
        CHECK((!where || where->endpoint.empty()));
    }
}

TEST_CASE("names longer than any model's are refused, however wide the pattern",
          "[vertex][route]") {
    std::string alias(300, 'a');
    auto routes =
        make_routes("[models]\n\"*\" = \"meta/any\"\n\"" + alias + "\" = \"meta/long\"\n");
    CHECK(answers(routes, std::string(256, 'x')) == "meta/any");
    CHECK(answers(routes, alias) == "meta/long");
    for (std::size_t size : {257U, 1'000'000U}) {
        auto error = unresolved(routes, std::string(size, 'x'));
        CHECK(error.status == 400);
        CHECK(error.code == "invalid_model");
        CHECK(error.message.size() < 500);
    }
    auto listed = make_routes("[access]\nonly_listed_models = true\n");
    CHECK(unresolved(listed, std::string(257, 'x')).code == "invalid_model");
}

TEST_CASE("nobody is recommended a model that is gone", "[vertex][route]") {
    for (std::string made_on : {"2026-06-01", "2026-06-02"}) {
        route_table routes({}, {"p", "global", ""}, parse_catalogue(small_catalogue), made_on);
        bool named = made_on == "2026-06-01";
        for (std::string name : {"gemini:2.0-flash", "google/gemini 2.0 flash"}) {
            CAPTURE(made_on, name);
            auto why = unresolved(routes, name).message;
            CHECK((why.find("google/gemini-2.0-flash") != why.npos) == named);
        }
    }
}
