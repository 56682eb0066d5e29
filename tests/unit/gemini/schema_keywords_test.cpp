// Keywords Vertex has no field for: dropped, and said in the description where it matters.

#include "unit/gemini/converting.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::tests;
using vertex_relay::core::schema_purpose;

TEST_CASE("annotations are dropped", "[gemini][schema]") {
    CHECK(property(R"({"$id":"i","$comment":"c","type":"string","readOnly":true,"x-vendor":{},)"
                   R"("$anchor":"a","strict":true,"additionalProperties":false})") ==
          R"({"type":"string"})");
    CHECK(property(R"({"type":"string","title":"P"})") == R"({"type":"string"})");
    CHECK(property(R"({"type":"string","title":"Name of the city"})") ==
          R"({"type":"string","description":"Name of the city"})");
    CHECK(property(R"({"type":"string","title":"T","description":"d"})") ==
          R"({"type":"string","description":"d"})");
}

TEST_CASE("dropped constraints are said in the description", "[gemini][schema]") {
    struct row {
        char const* schema;
        char const* description;
    };
    auto const* object = R"({"type":"object","properties":{"q":{"type":"string"}},)";
    for (auto const& [keyword, description] :
         {row{R"("default":10)", "Default: 10."}, row{R"("examples":["a","b"])",
                                                      R"(Examples: [\"a\",\"b\"].)"},
          row{R"("not":{"required":["q"]})", R"(Must not match {\"required\":[\"q\"]}.)"},
          row{R"("patternProperties":{"^x-":{"type":"string"}})",
              R"(Properties whose name matches a pattern: {\"^x-\":{\"type\":\"string\"}}.)"},
          row{R"("propertyNames":{"pattern":"^a"})",
              R"(Property names must match {\"pattern\":\"^a\"}.)"},
          row{R"("dependentRequired":{"q":["r"]})",
              R"(If \"q\" is given, these are required too: [\"r\"].)"},
          row{R"("dependencies":{"q":{"required":["r"]}})",
              R"(If \"q\" is given, it must also match {\"required\":[\"r\"]}.)"},
          row{R"("if":{"required":["q"]},"then":{"required":["r"]},"else":{"required":["s"]})",
              R"(If it matches {\"required\":[\"q\"]}, it must also match {\"required\":[\"r\"]}; )"
              R"(otherwise it must match {\"required\":[\"s\"]}.)"},
          row{R"("additionalProperties":{"type":"number"})",
              R"(Other property names are allowed, with values that match {\"type\":\"number\"}.)"},
          row{R"("deprecated":true)", "Deprecated."}}) {
        INFO(keyword);
        CHECK(property(std::string(object) + keyword + "}") ==
              R"({"type":"object","description":")" + std::string(description) +
                  R"(","properties":{"q":{"type":"string"}}})");
    }
}

TEST_CASE("array constraints are said in the description", "[gemini][schema]") {
    CHECK(property(R"({"type":"array","items":{"type":"string"},"uniqueItems":true,"contains":)"
                   R"({"const":"x"},"minContains":1})") ==
          R"({"type":"array","description":"Items must be unique. At least one item must match )"
          R"({\"const\":\"x\"}.","items":{"type":"string"}})");
    CHECK(property(R"({"type":"array","items":{"type":"string"},"uniqueItems":false})") ==
          R"({"type":"array","items":{"type":"string"}})");
}

TEST_CASE("a map from names to values says what the values are", "[gemini][schema]") {
    CHECK(property(R"({"type":"object","additionalProperties":{"type":"string"}})") ==
          R"({"type":"object","description":"Any property names are allowed, with values that )"
          R"(match {\"type\":\"string\"}."})");
    CHECK(property(R"({"type":"object","additionalProperties":true})") == R"({"type":"object"})");
}

TEST_CASE("notes follow the client's description as sentences", "[gemini][schema]") {
    CHECK(property(R"({"type":"number","description":"A price","multipleOf":0.5,"default":1})") ==
          R"({"type":"number","description":"A price. Must be a multiple of 0.5. Default: 1."})");
    CHECK(property(R"({"type":"number","description":"A price.","default":1})") ==
          R"({"type":"number","description":"A price. Default: 1."})");
    CHECK(property(R"({"type":"number","default":null})") == R"({"type":"number"})");
}

TEST_CASE("long values are not quoted", "[gemini][schema]") {
    CHECK(property(R"({"type":"string","default":")" + std::string(400, 'x') + R"("})") ==
          R"({"type":"string"})");
}

TEST_CASE("formats other than Google's go into the description", "[gemini][schema]") {
    CHECK(property(R"({"type":"string","format":"date-time"})") == "keep");
    CHECK(property(R"({"type":"integer","format":"int64"})") == "keep");
    CHECK(property(R"({"type":"string","format":"email"})") ==
          R"({"type":"string","description":"Format: email."})");
    CHECK(property(R"({"type":"integer","format":"uint32","minimum":0})") ==
          R"({"type":"integer","description":"Format: uint32.","minimum":0})");
    CHECK(property(R"({"type":"string","format":"enum"})") == R"({"type":"string"})");
    CHECK(property(R"({"type":"string","format":"enum","enum":["a"]})") == "keep");
}

TEST_CASE("patterns stay where Google's engine reads them", "[gemini][schema]") {
    CHECK(property(R"({"type":"string","pattern":"^[a-z]\\d{2}$"})") == "keep");
    CHECK(property(R"({"type":"string","pattern":"^(?!a)b$"})") ==
          R"({"type":"string","description":"Must match the pattern `^(?!a)b$`."})");
    CHECK(property(R"({"type":"string","pattern":"(a)\\1"})") ==
          R"({"type":"string","description":"Must match the pattern `(a)\\1`."})");
    CHECK(property(R"({"type":"string","pattern":"\\\\1"})") == "keep");
    CHECK(property(R"({"type":"string","pattern":"^a$","minLength":2,"maxLength":3})",
                   schema_purpose::response) ==
          R"({"type":"string","description":"Minimum length: 2. Maximum length: 3. )"
          R"(Must match the pattern `^a$`."})");
}

TEST_CASE("keywords of another type are dropped", "[gemini][schema]") {
    CHECK(property(R"({"type":"string","properties":{"a":{"type":"string"}},"required":["a"],)"
                   R"("items":{"type":"string"},"minimum":1,"minItems":2})") ==
          R"({"type":"string"})");
}

TEST_CASE("values of the wrong type do no harm", "[gemini][schema]") {
    CHECK(property(R"({"type":"object","properties":5,"required":"a","description":{},)"
                   R"("minProperties":"x","enum":{"a":1},"nullable":"yes","format":1,)"
                   R"("allOf":7,"anyOf":"b","$ref":[],"title":0})") ==
          R"({"type":"object"})");
    CHECK(property(R"("string")") == R"({"type":"string"})");
    CHECK(property(R"({"type":"int"})") == R"({"type":"integer"})");
    CHECK(property(R"({"type":"dict"})") == R"({"type":"object"})");
    CHECK(property(R"({"type":"String"})") == R"({"type":"string"})");
}

TEST_CASE("required names properties that exist, once", "[gemini][schema]") {
    CHECK(converted(R"({"type":"object","properties":{"a":{"type":"string"},"b":false,"c":{"type":)"
                    R"("string","required":true}},"required":["gone","a","b","a",1]})") ==
          R"({"type":"object","properties":{"a":{"type":"string"},"c":{"type":"string"}},)"
          R"("required":["c","a"]})");
}

TEST_CASE("of keys that stand twice the last property counts", "[gemini][schema]") {
    CHECK(converted(R"({"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"},)"
                    R"("a":{"type":"integer"}}})") ==
          R"({"type":"object","properties":{"b":{"type":"string"},"a":{"type":"integer"}}})");
    CHECK(property(R"({"type":"string","type":"string"})") == R"({"type":"string"})");
}
