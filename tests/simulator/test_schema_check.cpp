// Schemas that Google is reported to refuse, row by row, in its words.

#include "simulator/chat_check.hpp"
#include "client.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace vertex_relay::simulator;
using namespace vertex_relay::simulator::testing;

namespace {

std::string complaint(std::string const& extra) {
    simdjson::dom::parser parser;
    json document;
    INFO(extra);
    REQUIRE(parser.parse(hello("google/gemini-3.5-flash", extra)).get(document) ==
            simdjson::SUCCESS);
    auto error = check_chat(read_chat_request(document));
    return error ? error->message : "";
}

std::string parameters(std::string_view schema) {
    return complaint(fmt::format(
        R"("tools":[{{"type":"function","function":{{"name":"f","parameters":{}}}}}],)", schema));
}

std::string property(std::string_view schema) {
    return parameters(
        fmt::format(R"({{"type":"object","properties":{{"p":{}}}}})", schema));
}

std::string structured(std::string_view schema) {
    return complaint(fmt::format(
        R"("response_format":{{"type":"json_schema","json_schema":{{"schema":{}}}}},)", schema));
}

constexpr std::string_view more = "Learn more: https://cloud.google.com/vertex-ai/generative-ai/"
                                  "docs/multimodal/function-calling";

} // namespace

TEST_CASE("keys that are no field are unknown", "[schema]") {
    for (auto const* key : {"$schema",
                            "$id",
                            "$comment",
                            "examples",
                            "$ref",
                            "$defs",
                            "definitions",
                            "oneOf",
                            "allOf",
                            "not",
                            "if",
                            "then",
                            "dependentRequired",
                            "patternProperties",
                            "propertyNames",
                            "contains",
                            "uniqueItems",
                            "const",
                            "exclusiveMinimum",
                            "exclusiveMaximum",
                            "multipleOf",
                            "unevaluatedProperties",
                            "any_of"}) {
        CHECK(property(fmt::format(R"({{"type":"string","{}":null}})", key)) ==
              fmt::format("Invalid JSON payload received. Unknown name \"{}\" at "
                          "'tools[0].function_declarations[0].parameters.properties[0].value': "
                          "Cannot find field.",
                          key));
    }
}

TEST_CASE("values have the type of their field", "[schema]") {
    std::string at = "Invalid value at 'tools[0].function_declarations[0].parameters.properties[0]"
                     ".value";
    CHECK(property(R"("object")") ==
          at + "' (type.googleapis.com/google.cloud.aiplatform.v1.Schema), \"object\"");
    CHECK(
        property(R"({"type":["string","null"]})") ==
        at + ".type' (type.googleapis.com/google.cloud.aiplatform.v1.Type), [\"string\",\"null\"]");
    CHECK(property(R"({"type":"string","enum":[1]})") == at + ".enum[0]' (TYPE_STRING), 1");
    CHECK(property(R"({"type":"string","required":true})") ==
          at + ".required' (TYPE_STRING), true");
    CHECK(property(R"({"type":"string","description":1})") ==
          at + ".description' (TYPE_STRING), 1");
    CHECK(property(R"({"type":"string","nullable":1})") == at + ".nullable' (TYPE_BOOL), 1");
    CHECK(property(R"({"type":"string","minLength":1.5})") ==
          at + ".minLength' (TYPE_INT64), 1.5");
    CHECK(property(R"({"type":"number","minimum":"a"})") ==
          at + ".minimum' (TYPE_DOUBLE), \"a\"");
    CHECK(property(R"({"anyOf":[true]})") ==
          at + ".any_of[0]' (type.googleapis.com/google.cloud.aiplatform.v1.Schema), true");
    CHECK(property(R"({"type":"string","minLength":"3","maxLength":4,"title":null})").empty());
}

TEST_CASE("rules that hold between the fields", "[schema]") {
    std::string at = "* GenerateContentRequest.tools[0].function_declarations[0].parameters"
                     ".properties[p].";
    CHECK(property(R"({"type":"string","anyOf":[{"type":"string"}]})") ==
          fmt::format("Unable to submit request because `f` functionDeclaration `parameters.p` "
                      "schema specified other fields alongside any_of. When using any_of, it must "
                      "be the only field set. {}",
                      more));
    CHECK(property("{}") ==
          fmt::format("Unable to submit request because `f` functionDeclaration `parameters.p` "
                      "schema didn't specify the schema type field. {}",
                      more));
    CHECK(property(R"({"type":"integer","enum":["1"]})") ==
          at + "enum: only allowed for STRING type\n");
    CHECK(property(R"({"type":"string","enum":["a",""]})") == at + "enum[1]: cannot be empty\n");
    CHECK(property(R"({"type":"string","format":"enum"})") ==
          at + "enum: should be non-empty for STRING type with enum format\n");
    CHECK(property(R"({"type":"array"})") == at + "items: missing field.\n");
    CHECK(property(R"({"type":"string","properties":{"a":{"type":"string"}}})") ==
          at + "properties: only allowed for OBJECT type\n");
    CHECK(property(R"({"type":"string","format":"uri"})") ==
          at + "format: only 'enum' and 'date-time' are supported for STRING type\n");
    CHECK(property(R"({"type":"object","required":["tags","b"]})") ==
          fmt::format("Unable to submit request because required fields ['tags', 'b'] are not "
                      "defined in the schema properties. {}",
                      more));
}

TEST_CASE("the parameters of a function are an object with properties", "[schema]") {
    CHECK(parameters(R"({"properties":{"a":{"type":"string"}}})") ==
          fmt::format("Unable to submit request because `f` functionDeclaration parameters schema "
                      "should be of type OBJECT. {}",
                      more));
    CHECK(parameters(R"({"type":"object","properties":{}})") ==
          "* GenerateContentRequest.tools[0].function_declarations[0].parameters.properties: "
          "should be non-empty for OBJECT type\n");
    CHECK_FALSE(parameters("{}").empty());
    CHECK(parameters("null").empty());
}

TEST_CASE("schemas have a depth", "[schema]") {
    auto nested = [](int levels) {
        std::string out = R"({"type":"string"})";
        for (; levels > 1; --levels) {
            out = R"({"type":"array","items":)" + out + "}";
        }
        return out;
    };
    CHECK(structured(nested(32)).empty());
    CHECK(structured(nested(33)) ==
          "A schema in GenerationConfig in the request exceeds the maximum "
          "allowed nesting depth.");
    CHECK(property(nested(32)) ==
          "FunctionDeclaration 'f' in the request exceeds the maximum allowed nesting depth.");
}

TEST_CASE("answers take references, but none that come back", "[schema]") {
    CHECK(structured(R"({"$ref":"#/$defs/A","$defs":{"A":{"type":"object","properties":{"a":{"$ref":)"
                 R"("#/$defs/B"}}},"B":{"type":"string"}}})")
              .empty());
    CHECK(structured(R"({"$ref":"#/$defs/A","$defs":{"A":{"type":"array","items":{"$ref":)"
                 R"("#/$defs/A"}}}})") ==
          "A schema in GenerationConfig in the request exceeds the maximum allowed nesting depth.");
    CHECK(structured(R"({"type":"string","pattern":"a"})") == "Request contains an invalid argument.");
    CHECK(structured(R"({"type":"string","const":"a"})") ==
          "Invalid JSON payload received. Unknown name \"const\" at "
          "'generation_config.response_schema': Cannot find field.");
    CHECK(structured(R"({"type":"string","maxLength":3})") == "Request contains an invalid argument.");
    CHECK(structured(R"({"type":"array","items":{"type":"string"},"title":"t","default":[]})").empty());
    CHECK(complaint(R"("response_format":{"type":"json_object"},)").empty());
}
