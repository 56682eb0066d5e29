// Schemas real clients send: what zod, pydantic and agents write is answered as it should be.

#include "unit/gemini/converting.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::tests;
using vertex_relay::core::schema_purpose;

TEST_CASE("Vercel AI SDK, generateObject", "[gemini][schema]") {
    CHECK(converted(
              R"({"$schema":"http://json-schema.org/draft-07/schema#","type":"object",)"
              R"("properties":{"name":{"type":"string"},"tags":{"minItems":1,"type":"array",)"
              R"("items":{"type":"string"}},"kind":{"anyOf":[{"type":"string","const":"a"},)"
              R"({"type":"string","const":"b"}]},"rec":{"type":"object","additionalProperties":)"
              R"({"type":"number"}}},"required":["name","tags","kind","rec"],)"
              R"("additionalProperties":false})",
              schema_purpose::response) ==
          R"({"type":"object","properties":{"name":{"type":"string"},"tags":{"type":"array",)"
          R"("items":{"type":"string"},"minItems":1},"kind":{"type":"string","enum":["a","b"]},)"
          R"("rec":{"type":"object","description":"Any property names are allowed, with values )"
          R"(that match {\"type\":\"number\"}."}},"required":["name","tags","kind","rec"],)"
          R"("propertyOrdering":["name","tags","kind","rec"]})");
}

TEST_CASE("Vercel AI SDK, a tool", "[gemini][schema]") {
    CHECK(converted(
              R"({"$schema":"http://json-schema.org/draft-07/schema#","type":"object",)"
              R"("properties":{"location":{"type":"string","description":"city"},"unit":{"type":)"
              R"("string","enum":["c","f"]},"when":{"type":["string","null"]},"n":{"default":1,)"
              R"("type":"integer","exclusiveMinimum":0,"maximum":7}},"required":["location",)"
              R"("when"],"additionalProperties":false})") ==
          R"({"type":"object","properties":{"location":{"type":"string","description":"city"},)"
          R"("unit":{"type":"string","enum":["c","f"]},"when":{"type":"string","nullable":true},)"
          R"("n":{"type":"integer","description":"Default: 1.","maximum":7,"minimum":1}},)"
          R"("required":["location","when"]})");
}

TEST_CASE("OpenAI's Python SDK, a pydantic model", "[gemini][schema]") {
    CHECK(converted(R"({"$defs":{"Step":{"properties":{"explanation":{"title":"Explanation",)"
                    R"("type":"string"},"output":{"title":"Output","type":"string"}},"required":)"
                    R"(["explanation","output"],"title":"Step","type":"object",)"
                    R"("additionalProperties":false}},"properties":{"steps":{"items":{"$ref":)"
                    R"("#/$defs/Step"},"title":"Steps","type":"array"},"final_answer":{"title":)"
                    R"("Final Answer","type":"string"}},"required":["steps","final_answer"],)"
                    R"("title":"MathResponse","type":"object","additionalProperties":false})",
                    schema_purpose::response) ==
          R"({"type":"object","description":"MathResponse","properties":{"steps":{"type":"array",)"
          R"("items":{"type":"object","description":"Step","properties":{"explanation":{"type":)"
          R"("string"},"output":{"type":"string"}},"required":["explanation","output"],)"
          R"("propertyOrdering":["explanation","output"]}},"final_answer":{"type":"string"}},)"
          R"("required":["steps","final_answer"],"propertyOrdering":["steps","final_answer"]})");
}

TEST_CASE("LangChain, a zod record", "[gemini][schema]") {
    CHECK(converted(R"({"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",)"
                    R"("properties":{"location":{"type":"string"},"r":{"type":"object",)"
                    R"("propertyNames":{"type":"string"},"additionalProperties":{}}},"required":)"
                    R"(["location"],"additionalProperties":false})") ==
          R"({"type":"object","properties":{"location":{"type":"string"},"r":{"type":"object"}},)"
          R"("required":["location"]})");
}

TEST_CASE("Cline, optional numbers", "[gemini][schema]") {
    CHECK(property(R"({"description":"Optional starting line","anyOf":[{"type":"integer",)"
                   R"("exclusiveMinimum":0,"maximum":9007199254740991},{"type":"null"}]})") ==
          R"({"type":"integer","description":"Optional starting line","nullable":true,)"
          R"("maximum":9007199254740991,"minimum":1})");
}

TEST_CASE("Qwen Code, a choice of strings", "[gemini][schema]") {
    CHECK(property(R"({"oneOf":[{"type":"string","enum":["all"]},{"type":"string","pattern":)"
                   R"("^[1-9][0-9]*$"}],"description":"Turns to inherit","default":"all"})") ==
          R"({"anyOf":[{"type":"string","description":"Turns to inherit. Default: \"all\".",)"
          R"("enum":["all"]},{"type":"string","description":"Turns to inherit. Default: )"
          R"(\"all\".","pattern":"^[1-9][0-9]*$"}]})");
}

TEST_CASE("Copilot CLI, one or many, keeps its bytes but for the description", "[gemini][schema]") {
    CHECK(property(R"({"anyOf":[{"type":"string"},{"type":"array","items":{"type":"string"}}],)"
                   R"("description":"One directory or an array"})") ==
          R"({"anyOf":[{"type":"string","description":"One directory or an array"},{"type":)"
          R"("array","description":"One directory or an array","items":{"type":"string"}}]})");
}
