// The table of paths is exact.

#include "core/http/resource.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;

TEST_CASE("each route has its path, with and without /v1", "[http][resource]") {
    struct row {
        std::string_view method, path;
        resource what;
    };
    auto line = GENERATE(row{"POST", "/v1/chat/completions", resource::chat_completions},
                         row{"POST", "/chat/completions", resource::chat_completions},
                         row{"GET", "/v1/models", resource::models},
                         row{"GET", "/models", resource::models},
                         row{"HEAD", "/v1/models", resource::models},
                         row{"GET", "/v1/models/x", resource::model},
                         row{"GET", "/v1/v1/models", resource::models},
                         row{"GET", "//v1///models//", resource::models},
                         row{"POST", "/v1/v1/chat/completions/", resource::chat_completions},
                         row{"GET", "/v1//models/x/", resource::model},
                         row{"GET", "/livez/", resource::livez},
                         row{"HEAD", "/health", resource::livez},
                         row{"GET", "/livez", resource::livez},
                         row{"HEAD", "/readyz", resource::readyz});
    CAPTURE(line.path);
    auto match = find_resource(line.method, line.path);
    REQUIRE(match);
    CHECK(match->what == line.what);
}

TEST_CASE("nothing else is served", "[http][resource]") {
    auto path = GENERATE(as<std::string>{}, "", "/", "*", "/v1", "/v1/",
                         "/V1/models", "/v1/Models", "/v1/models2", "/v1/chat",
                         "/v1/chat/completions/x", "/v1/chat%2fcompletions", "/v1/./models",
                         "/v1/../v1/models", "/v2/models", "/v1beta1/models", "v1/models",
                         "/v1/models\\x", "/v1/livez", "/v1/readyz", "/v1/health", "/admin",
                         "example.com:443", "/v1\\models", "/v1;a/models");
    CAPTURE(path);
    auto match = find_resource("GET", path);
    REQUIRE_FALSE(match);
    CHECK(match.error().status == 404);
    CHECK(match.error().code == "not_found");
    CHECK_THAT(match.error().message, Catch::Contains("/v1/chat/completions"));
}

TEST_CASE("a model id is what is behind the path, percent-decoded once", "[http][resource]") {
    struct row {
        std::string_view path;
        std::string id;
    };
    using namespace std::string_literals;
    auto line = GENERATE(row{"/v1/models/gpt-4o", "gpt-4o"s},
                         row{"/v1/models/google/gemini-3.5-flash", "google/gemini-3.5-flash"s},
                         row{"/v1/models/google%2Fgemini-3.5-flash", "google/gemini-3.5-flash"s},
                         row{"/models/google%2fgemini", "google/gemini"s},
                         row{"/v1/models/llama3:8b", "llama3:8b"s},
                         row{"/v1/models/llama3%3A8b", "llama3:8b"s},
                         row{"/v1/models/a%252Fb", "a%2Fb"s}, row{"/v1/models/a%", "a%"s},
                         row{"/v1/models/a%2", "a%2"s}, row{"/v1/models/a%2G", "a%2G"s},
                         row{"/v1/models/a%G2", "a%G2"s}, row{"/v1/models/%%41", "%A"s},
                         row{"/v1/models/%00", "\0"s}, row{"/v1/models/%+1", "%+1"s},
                         row{"/v1/models/%-1", "%-1"s}, row{"/v1/models/a+b", "a+b"s},
                         row{"/v1/models/..", ".."s}, row{"/v1/models/%c3%a9", "\xc3\xa9"s});
    CAPTURE(line.path);
    auto match = find_resource("GET", line.path);
    REQUIRE(match);
    CHECK(match->what == resource::model);
    CHECK(match->model_id == line.id);
}

TEST_CASE("query, fragment, scheme and host are no part of the path", "[http][resource]") {
    CHECK(path_of("/v1/models?a=/b?c#d") == "/v1/models");
    CHECK(path_of("/v1/models#a?b") == "/v1/models");
    CHECK(path_of("/v1/models?u=http://x/y") == "/v1/models");
    CHECK(path_of("/http://x/y") == "/http://x/y");
    CHECK(path_of("http://localhost/v1/models?x") == "/v1/models");
    CHECK(path_of("http://localhost") == "/");
    CHECK(path_of("http://localhost?/v1/models") == "/");
    CHECK(path_of("http://localhost#/v1/models") == "/");
    CHECK(path_of("") == "");
    CHECK(path_of("*") == "*");
}

TEST_CASE("what is shown of a path is bounded", "[http][resource]") {
    CHECK(not_served("GET", "/" + std::string(8000, 'a')).message.size() < 1000);
}

TEST_CASE("who asks for another API of OpenAI has the right base URL", "[http][resource]") {
    auto other = not_served("POST", "/v1/responses").message;
    CHECK(other.find("Have the tool use chat completions; served are: POST /v1") != other.npos);
    CHECK(other.find("base URL") == other.npos);
    auto lost = not_served("POST", "/chat", {.host = "127.0.0.1:8787"}).message;
    CHECK(lost.find("Set the base URL to http://127.0.0.1:8787/v1;") != lost.npos);
}

TEST_CASE("a wrong path is told the routes of its own listener", "[http][resource]") {
    auto api = not_served("GET", "/nothing", {edge_scope::api}).message;
    CHECK(api.find("/v1/chat/completions") != api.npos);
    CHECK(api.find("/livez") == api.npos);
    auto probes = not_served("GET", "/v1/models", {edge_scope::probes}).message;
    CHECK(probes.find("/livez") != probes.npos);
    CHECK(probes.find("/v1/chat/completions") == probes.npos);
}
