// What Google refuses, in its own words (public reports).

#include "simulator/chat_check.hpp"
#include "client.hpp"
#include "simulator/google_error.hpp"
#include "simulator/refusal.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace vertex_relay::simulator;
using namespace vertex_relay::simulator::testing;

namespace {

/// The message, or empty if the request is fine.
std::string complaint(std::string const& body) {
    simdjson::dom::parser parser;
    json document;
    REQUIRE(parser.parse(body).get(document) == simdjson::SUCCESS);
    auto error = check_chat(read_chat_request(document));
    return error ? error->message : "";
}

std::string turns(std::string_view messages, std::string_view model = "google/gemini-3.5-flash") {
    return complaint(fmt::format(R"({{"model":"{}","messages":[{}]}})", model, messages));
}

std::string schema(std::string_view parameters) {
    return complaint(hello("google/gemini-3.5-flash",
                           fmt::format(R"("tools":[{{"type":"function","function":{{"name":"f",)"
                                       R"("parameters":{}}}}}],)",
                                       parameters)));
}

constexpr std::string_view user = R"({"role":"user","content":"Hello"},)";

} // namespace

TEST_CASE("an ordinary conversation is accepted") {
    CHECK(turns(R"({"role":"system","content":"s"},{"role":"user","content":"u"})").empty());
    CHECK(turns(R"({"role":"user","content":[{"type":"text","text":"t"},{"type":"image_url",)"
                R"("image_url":{"url":"data:application/pdf;base64,QQ=="}},{"type":"image_url",)"
                R"("image_url":"gs://b/o.png"}]})")
              .empty());
}

TEST_CASE("turn shapes that Google refuses") {
    auto no_parts = "Unable to submit request because it must include at least one parts field, "
                    "which describes the prompt input.";
    CHECK(turns("") == "Unable to submit request because Model input cannot be empty.");
    CHECK(turns(R"({"role":"system","content":"s"})") == no_parts);
    CHECK(turns(R"({"role":"user","content":""})") == no_parts);
    CHECK(turns(R"({"role":"user","content":[]})") == no_parts);
    CHECK(turns(std::string(user) + R"({"role":"assistant","content":"a"})") ==
          "Requests ending with a model turn are not supported.");
    CHECK(turns(R"({"role":"developer","content":"d"})") ==
          "Please use a valid role: user, model.");
    CHECK(turns(R"({"role":"user","content":[{"type":"file","file":{}}]})") ==
          "Unrecognized 'type' field in an object element of an array 'content' field; found: "
          "'file'.");
}

TEST_CASE("calls and results must match, one for one") {
    std::string call = R"({"role":"assistant","tool_calls":[{"id":"c1","type":"function",)"
                       R"("function":{"name":"xxx","arguments":"{}"},"extra_content":{"google":{)"
                       R"("thought_signature":"c2ln"}}}]})";
    std::string result = R"({"role":"tool","tool_call_id":"c1","content":"r"})";
    auto unequal = "Please ensure that the number of function response parts is equal to the "
                   "number of function call parts of the function call turn.";
    auto start = std::string(user) + call;
    CHECK(turns(start + "," + result).empty());
    CHECK(turns(start + "," + std::string(user) + result) == unequal);
    CHECK(turns(start + "," + result + "," + result) == unequal);
    auto empty_text = start;
    empty_text.insert(empty_text.find("\"tool_calls\""), R"("content":"",)");
    CHECK(turns(empty_text + "," + result).starts_with("Unable to submit request because it must"));
    auto preamble = start;
    preamble.insert(preamble.find("\"tool_calls\""), R"("content":"I will",)");
    CHECK(turns(preamble + "," + result).empty());
    CHECK(turns(preamble + "," + result, "google/gemini-3.6-flash") ==
          "Request contains an invalid argument.");
    auto bad = start;
    bad.replace(bad.find(R"("{}")"), 4, R"("[1]")");
    CHECK(turns(bad + "," + result) == "Request contains an invalid argument.");
}

TEST_CASE("a missing thought signature is refused by Gemini 3 in the current turn") {
    auto conversation = [](std::string_view signature) {
        return std::string(user) + R"({"role":"assistant","tool_calls":[{)" +
               std::string(signature) +
               R"("id":"c1","type":"function","function":{"name":"xxx","arguments":"{}"}}]},)"
               R"({"role":"tool","tool_call_id":"c1","content":"r"})";
    };
    CHECK(turns(conversation("")) ==
          "Unable to submit request because function call `default_api:xxx` in the 2. content "
          "block is missing a `thought_signature`. Learn more: "
          "https://docs.cloud.google.com/vertex-ai/generative-ai/docs/thought-signatures");
    CHECK(turns(conversation(""), "google/gemini-2.5-flash").empty());
    CHECK(turns(conversation(""), "zai-org/glm-5.2-maas").empty());
    CHECK(turns(conversation(R"("extra_content":{"google":{"thought_signature":)"
                             R"("skip_thought_signature_validator"}},)"))
              .empty());
    CHECK(turns(conversation("") + R"(,{"role":"user","content":"next"})").empty());
}

TEST_CASE("schemas outside Google's subset") {
    CHECK(schema(R"({"type":"object","properties":{"a":{"type":"string"}},"required":["a"],)"
                 R"("additionalProperties":false})")
              .empty());
    CHECK(schema(R"({"$schema":"x","type":"object"})") ==
          "Invalid JSON payload received. Unknown name \"$schema\" at "
          "'tools[0].function_declarations[0].parameters': Cannot find field.");
    CHECK(schema(R"({"type":"object","properties":{"a":{"type":"string","examples":[]}}})") ==
          "Invalid JSON payload received. Unknown name \"examples\" at "
          "'tools[0].function_declarations[0].parameters.properties[0].value': Cannot find field.");
    CHECK(schema(R"({"type":"object","properties":{"base_branch":{"description":"d","anyOf":[)"
                 R"({"type":"string"}]}}})")
              .starts_with("Unable to submit request because `f` functionDeclaration "
                           "`parameters.base_branch` schema specified other fields alongside "
                           "any_of. When using any_of, it must be the only field set."));
    for (auto const* refused :
         {R"({"type":"object","properties":{"a":{"type":["string","null"]}}})",
          R"({"type":"object","properties":{"a":{"const":1}}})",
          R"({"type":"object","properties":{"a":{"oneOf":[{"type":"string"}]}}})",
          R"({"type":"object","properties":{"a":{"type":"integer","exclusiveMinimum":1}}})",
          R"({"type":"object","properties":{"a":{"enum":[1,2]}}})",
          R"({"type":"object","properties":{"a":{"type":"array"}}})",
          R"({"type":"object","properties":{"a":{"type":"string","format":"uri"}}})",
          R"({"type":"object","properties":{"a":"object"}})",
          R"({"type":"object","properties":{"a":{"type":"array","items":{"$ref":"#"}}}})",
          R"({"type":"object","properties":{},"required":["gone"]})"}) {
        INFO(refused);
        CHECK_FALSE(schema(refused).empty());
    }
}

TEST_CASE("function names and reasoning_effort have rules") {
    auto named = [](std::string_view name) {
        return complaint(hello("google/gemini-3.5-flash",
                               fmt::format(R"("tools":[{{"function":{{"name":"{}"}}}}],)", name)));
    };
    CHECK(named("_a.b-C9").empty());
    CHECK(named("9a").starts_with("Invalid function name."));
    CHECK(named("a/b").starts_with("Invalid function name."));
    CHECK(named(std::string(65, 'a')).starts_with("Invalid function name."));
    CHECK_FALSE(complaint(hello("google/gemini-3.5-flash", R"("reasoning_effort":"xhigh",)"))
                    .empty());
    CHECK(complaint(hello("google/gemini-3.5-flash", R"("user":"u","store":true,"odd":{},)"))
              .empty());
}

TEST_CASE("the error array is printed as captured") {
    // rhel-lightspeed/linux-mcp-server PR 450, with another project.
    CHECK(to_json(permission_denied("projects/p/locations/us-central1/endpoints/openapi"),
                  envelope::array) == R"([{
  "error": {
    "code": 403,
    "message": "Permission 'aiplatform.endpoints.predict' denied on resource ')"
                                   R"(//aiplatform.googleapis.com/projects/p/locations/us-central1/endpoints/openapi')"
                                   R"( (or it may not exist).",
    "status": "PERMISSION_DENIED",
    "details": [
      {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "IAM_PERMISSION_DENIED",
        "domain": "aiplatform.googleapis.com",
        "metadata": {
          "resource": "projects/p/locations/us-central1/endpoints/openapi",
          "permission": "aiplatform.endpoints.predict"
        }
      }
    ]
  }
}
]
)");
    CHECK(malformed_model("x").message ==
          "Malformed publisher model (`model`: 'x') for the 'openapi' request endpoint ID; "
          "expected '<publisher>/<model>'.");
    auto expired = unauthenticated(bearer::bad, "v1.PredictionService.ChatCompletions");
    REQUIRE(expired.reason);
    CHECK(expired.reason->reason == "ACCESS_TOKEN_TYPE_UNSUPPORTED");
    CHECK(expired.reason->metadata.back().second ==
          "google.cloud.aiplatform.v1.PredictionService.ChatCompletions");
}
