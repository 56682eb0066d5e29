// Hosts, locations, endpoints and the native surfaces.

#include "client.hpp"
#include "simulator/json_view.hpp"
#include "simulator/native_service.hpp"
#include "simulator/resource_path.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::simulator;
using namespace vertex_relay::simulator::testing;

namespace {

answer native(std::string_view rest, std::string_view body) {
    simdjson::dom::parser parser;
    json document;
    REQUIRE(parser.parse(std::string(body)).get(document) == simdjson::SUCCESS);
    auto reply = answer_publisher_path(rest, document);
    REQUIRE(reply);
    return *reply;
}

} // namespace

TEST_CASE("hosts serve the locations they name") {
    CHECK(fit_of("us-east5-aiplatform.googleapis.com", "us-east5") == host_fit::shared);
    CHECK(fit_of("us-east5-aiplatform.googleapis.com", "us-west1") == host_fit::wrong);
    CHECK(fit_of("aiplatform.googleapis.com", "global") == host_fit::shared);
    CHECK(fit_of("aiplatform.googleapis.com", "us-central1") == host_fit::shared);
    CHECK(fit_of("global-aiplatform.googleapis.com", "global") == host_fit::wrong);
    CHECK(fit_of("aiplatform.eu.rep.googleapis.com", "eu") == host_fit::shared);
    CHECK(fit_of("aiplatform.eu.rep.googleapis.com", "us") == host_fit::wrong);
    CHECK(fit_of("127.0.0.1", "anywhere") == host_fit::loopback);
    CHECK(fit_of("example.com", "global") == host_fit::wrong);
}

TEST_CASE("paths are cut into resource and verb") {
    auto path = parse_resource_path("/v1beta1/projects/p/locations/l/endpoints/12:predict");
    REQUIRE(path);
    CHECK(path->location == "l");
    auto endpoint = parse_endpoint(path->rest);
    REQUIRE(endpoint);
    CHECK(endpoint->id == "12");
    CHECK(endpoint->verb == ":predict");
    CHECK_FALSE(parse_resource_path("/v2/projects/p/locations/l/endpoints/1"));
    CHECK_FALSE(parse_resource_path("/v1/projects//locations/l/endpoints/1"));
    CHECK(is_endpoint_id("mg-endpoint-1a2b"));
    CHECK_FALSE(is_endpoint_id("openapi"));
}

TEST_CASE("models answer where they live, in projects that exist") {
    auto server = start();
    auto preview = hello("google/gemini-3.1-pro-preview");
    CHECK(ask(*server, preview).status == 200);
    auto lost = ask(*server, preview, {.location = "us-central1"});
    CHECK(lost.status == 404);
    CHECK(lost.body.find("Publisher Model `projects/123456789012/locations/us-central1/publishers/"
                         "google/models/gemini-3.1-pro-preview` was not found") !=
          std::string::npos);
    CHECK(ask(*server, hello("google/gemini-1.5-pro")).status == 404);
    auto bare = ask(*server, hello("gemini-3.5-flash"));
    CHECK(bare.status == 400);
    CHECK(bare.body.find("Malformed publisher model (`model`: 'gemini-3.5-flash')") !=
          std::string::npos);
    CHECK(ask(*server, preview, {.host = "us-east5-aiplatform.googleapis.com"}).status == 404);
    client one(*server);
    auto elsewhere = http({}, preview);
    elsewhere.replace(elsewhere.find("sim-project"), 11, "not-project");
    one.send(elsewhere);
    CHECK(one.read().status == 403);
}

TEST_CASE("a dedicated endpoint answers under its own name alone") {
    auto server = start();
    call shared{.location = "us-central1",
                .endpoint = "9124",
                .host = "us-central1-aiplatform.googleapis.com"};
    auto refused = ask(*server, hello(""), shared);
    CHECK(refused.status == 400);
    auto look = shared;
    look.verb = "";
    look.method = "GET";
    auto resource = ask(*server, "", look);
    CHECK(resource.body.find("\"dedicatedEndpointEnabled\": true") != std::string::npos);
    std::string dns = "9124.us-central1-123456789012.prediction.vertexai.goog";
    CHECK(resource.body.find("\"dedicatedEndpointDns\": \"" + dns + "\"") != std::string::npos);
    CHECK(server->seen().dedicated_lookups == 1);
    auto own = shared;
    own.host = dns;
    CHECK(ask(*server, hello(""), own).status == 200);
    own.endpoint = "1234";
    CHECK(ask(*server, hello(""), own).status == 404);
    look.endpoint = "1234";
    CHECK(ask(*server, "", look).body.find("dedicated") == std::string::npos);
    look.endpoint = "0123";
    CHECK(ask(*server, "", look).status == 404);
}

TEST_CASE("containers check the model's name themselves") {
    auto server = start();
    call where{.location = "us-central1", .endpoint = "1234"};
    CHECK(ask(*server, hello("google/gemma-3-12b-it"), where).status == 200);
    auto unknown = ask(*server, hello("other"), where);
    CHECK(unknown.status == 404);
    CHECK(unknown.body == R"({"object":"error","message":"The model `other` does not exist.",)"
                          R"("type":"NotFoundError","param":null,"code":404})");
    where.verb = ":predict";
    auto wrapped = ask(*server,
                       R"({"instances":[{"@requestFormat":"chatCompletions","messages":[{"role":)"
                       R"("user","content":"Hi"}],"max_tokens":100}]})",
                       where);
    CHECK(shape_of(wrapped.body).starts_with("{predictions:{id:\"\",object:\"\""));
}

TEST_CASE("embeddings keep each model's rules") {
    auto one = native("publishers/google/models/gemini-embedding-001:predict",
                      R"({"instances":[{"content":"a"}],"parameters":{"outputDimensionality":2}})");
    CHECK(shape_of(one.body) ==
          "{predictions:[{embeddings:{statistics:{token_count:1,truncated:1},values:[1]}}]}");
    CHECK(native("publishers/google/models/gemini-embedding-001:predict",
                 R"({"instances":[{"content":"a"},{"content":"b"}]})")
              .status == 400);
    CHECK(native("publishers/google/models/text-embedding-005:predict",
                 R"({"instances":[{"content":"a"},{"content":"b"}]})")
              .status == 200);
    CHECK(native("publishers/google/models/text-embedding-005:predict",
                 R"({"instances":[{"content":"a","title":"t"}]})")
              .status == 400);
    auto two = native("publishers/google/models/gemini-embedding-2:embedContent",
                      R"({"content":{"parts":[{"text":"a"}]}})");
    CHECK(shape_of(two.body) == "{embedding:{values:[1]},usageMetadata:{promptTokenCount:1}}");
    CHECK(native("publishers/google/models/nope:predict", "{}").status == 404);
}

TEST_CASE("the model list names Google's models") {
    auto list = model_list().body;
    CHECK(list.find("publishers/google/models/gemini-3.5-flash\"") != std::string::npos);
    CHECK(list.find("gpt-oss") == std::string::npos);
}
