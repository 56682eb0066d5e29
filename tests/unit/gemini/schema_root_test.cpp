// What happens to a schema as a whole: kept, replaced, left out, refused.

#include "unit/gemini/converting.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::tests;
using vertex_relay::core::schema_purpose;

TEST_CASE("an acceptable schema keeps its bytes", "[gemini][schema]") {
    for (auto const* schema :
         {R"({"type":"object","properties":{"a":{"type":"string"}},"required":["a"]})",
          R"({"type":"OBJECT","properties":{"a":{"type":"STRING","enum":["x"],"format":"enum"}}})",
          R"({"type":"object","description":"d","properties":{"a":{"type":"array","items":)"
          R"({"type":"integer","format":"int32","minimum":1,"maximum":2.5,"nullable":true},)"
          R"("minItems":1,"maxItems":3},"b":{"anyOf":[{"type":"string"},{"type":"number"}]},)"
          R"("c":{"type":"string","format":"date-time","pattern":"^a\\d$","example":"a1"}},)"
          R"("propertyOrdering":["b","a"]})"}) {
        CHECK(converted(schema) == "keep");
    }
}

TEST_CASE("properties named like keywords are properties", "[gemini][schema]") {
    CHECK(converted(R"({"type":"object","properties":{"type":{"type":"string"},"$ref":{"type":)"
                    R"("string"},"properties":{"type":"object","properties":{"enum":{"type":)"
                    R"("boolean"}}},"required":{"type":"integer"},"const":{"type":"string"},)"
                    R"("$schema":{"type":"string"}},"required":["type","$ref","const"]})") ==
          "keep");
    CHECK(converted(R"({"type":"object","properties":{"\u00fcn\u00ef":{"type":"string","title":"t"},)"
                    R"("":{"type":"string"}},"required":["\u00fcn\u00ef"]})") ==
          R"({"type":"object","properties":{"ünï":{"type":"string","description":"t"},)"
          R"("":{"type":"string"}},"required":["ünï"]})");
}

TEST_CASE("parameters that say nothing are left out", "[gemini][schema]") {
    for (auto const* schema :
         {"{}", "true", "false", "null", R"({"type":"object"})", R"({"type":"object","properties":{}})",
          R"({"type":"object","properties":{},"additionalProperties":false,"required":[]})",
          R"({"$schema":"http://json-schema.org/draft-07/schema#"})", R"({"description":"nothing"})",
          R"({"properties":{}})", R"({"type":["object","null"]})"}) {
        INFO(schema);
        CHECK(converted(schema) == "omit");
    }
    CHECK(converted("{}", schema_purpose::response) == "omit");
    CHECK(converted("true", schema_purpose::response) == "omit");
}

TEST_CASE("parameters that are no object are refused, as OpenAI does", "[gemini][schema]") {
    CHECK(converted(R"({"type":"array","items":{"type":"string"}})") ==
          "400 invalid_function_parameters: The parameters of a function must be a JSON Schema of "
          "type object, but this one is of type array of string. Make it a property of an object.");
    CHECK(converted(R"({"type":"string"})").starts_with("400 invalid_function_parameters"));
    CHECK(converted(R"({"anyOf":[{"type":"string"},{"type":"null"}]})")
              .starts_with("400 invalid_function_parameters"));
    CHECK(converted(R"({"enum":["a"]})").starts_with("400 invalid_function_parameters"));
}

TEST_CASE("an answer may be of any type", "[gemini][schema]") {
    CHECK(converted(R"({"type":"array","items":{"type":"string"}})", schema_purpose::response) ==
          "keep");
    CHECK(converted(R"({"enum":["a","b"]})", schema_purpose::response) ==
          R"({"type":"string","enum":["a","b"]})");
}

TEST_CASE("an object without its type gets it", "[gemini][schema]") {
    CHECK(converted(R"({"properties":{"a":{"properties":{"b":{"type":"string"}}}}})") ==
          R"({"type":"object","properties":{"a":{"type":"object","properties":{"b":{"type":)"
          R"("string"}}}}})");
    CHECK(converted(R"({"type":["object","null"],"properties":{"a":{"type":"string"}}})") ==
          R"({"type":"object","properties":{"a":{"type":"string"}}})");
}

TEST_CASE("alternatives at the root become one object", "[gemini][schema]") {
    CHECK(converted(R"({"oneOf":[)"
                    R"({"type":"object","properties":{"kind":{"const":"file"},"path":{"type":)"
                    R"("string"}},"required":["kind","path"]},)"
                    R"({"type":"object","properties":{"kind":{"const":"url"},"url":{"type":)"
                    R"("string"},"path":{"type":"integer"}},"required":["kind","url"]}]})") ==
          R"({"type":"object","description":"One of these sets of properties: \"kind\" and )"
          R"(\"path\"; or \"kind\", \"url\" and \"path\".","properties":{"kind":{"type":"string",)"
          R"("enum":["file","url"]},"path":{"anyOf":[{"type":"string"},{"type":"integer"}]},)"
          R"("url":{"type":"string"}},"required":["kind"]})");
    CHECK(converted(R"({"anyOf":[{"type":"null"},{"type":"object","properties":{"a":{"type":)"
                    R"("string"}},"required":["a"]}]})") ==
          R"({"type":"object","properties":{"a":{"type":"string"}},"required":["a"]})");
}

TEST_CASE("answers keep the order of their properties", "[gemini][schema]") {
    CHECK(converted(R"({"type":"object","properties":{"why":{"type":"string"},"answer":{"type":)"
                    R"("string"}}})",
                    schema_purpose::response) ==
          R"({"type":"object","properties":{"why":{"type":"string"},"answer":{"type":"string"}},)"
          R"("propertyOrdering":["why","answer"]})");
    CHECK(converted(R"({"type":"object","properties":{"b":{"type":"string"},"a":{"type":"string"}},)"
                    R"("propertyOrdering":["a","gone","a","b"]})",
                    schema_purpose::response) ==
          R"({"type":"object","properties":{"b":{"type":"string"},"a":{"type":"string"}},)"
          R"("propertyOrdering":["a","b"]})");
}

TEST_CASE("repairs and dropped keywords are named once", "[gemini][schema]") {
    CHECK(repairs(R"({"$schema":"s","type":"object","properties":{"a":{"$ref":"#/$defs/A"},"b":)"
                  R"({"$ref":"#/$defs/A","$comment":"c"}},"$defs":{"A":{"const":1}}})") ==
          "refs const type enum | $schema $comment $defs");
    CHECK(repairs(R"({"type":"object","properties":{"a":{"type":"string","bad\nkey":1,"x y":2}}})") ==
          " | (other)");
}
