// Alternatives: `anyOf`, `oneOf`, lists of types, null, tuples, any value at all.

#include "unit/gemini/converting.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::tests;

namespace {

constexpr auto anything = R"([{"type":"string"},{"type":"number"},{"type":"boolean"},)"
                          R"({"type":"object"},{"type":"array","items":{"type":"string"}}])";

} // namespace

TEST_CASE("null among the alternatives is nullable", "[gemini][schema]") {
    CHECK(property(R"({"type":["string","null"]})") == R"({"type":"string","nullable":true})");
    CHECK(property(R"({"type":["null","string"],"minLength":1,"enum":["a",null]})") ==
          R"({"type":"string","nullable":true,"enum":["a"],"minLength":1})");
    CHECK(property(R"({"anyOf":[{"type":"string"},{"type":"null"}],"default":null,"title":"P",)"
                   R"("description":"A name"})") ==
          R"({"type":"string","description":"A name","nullable":true})");
    CHECK(property(R"({"anyOf":[{"type":"string","description":"x"},{"const":null}]})") ==
          R"({"type":"string","description":"x","nullable":true})");
    CHECK(property(R"({"type":["array","null"],"items":{"type":"string"}})") ==
          R"({"type":"array","nullable":true,"items":{"type":"string"}})");
    CHECK(property(R"({"type":["object","null"],"properties":{"a":{"type":"string"}},)"
                   R"("required":["a"]})") ==
          R"({"type":"object","nullable":true,"properties":{"a":{"type":"string"}},)"
          R"("required":["a"]})");
    CHECK(property(R"({"anyOf":[{"type":"string"},{"type":"integer"},{"type":"null"}]})") ==
          R"({"anyOf":[{"type":"string","nullable":true},{"type":"integer","nullable":true}]})");
    CHECK(property(R"({"type":"null"})") ==
          R"({"type":"string","description":"Must be null.","nullable":true})");
    CHECK(property(R"({"anyOf":[{"type":"null"}]})") ==
          R"({"type":"string","description":"Must be null.","nullable":true})");
}

TEST_CASE("lists of types take their keywords along", "[gemini][schema]") {
    CHECK(
        property(R"({"type":["string","integer"],"minLength":2,"minimum":3,"description":"d"})") ==
        R"({"anyOf":[{"type":"string","description":"d","minLength":2},{"type":"integer",)"
        R"("description":"d","minimum":3}]})");
    CHECK(property(R"({"type":["string"]})") == R"({"type":"string"})");
}

TEST_CASE("what stands beside anyOf goes into each alternative", "[gemini][schema]") {
    CHECK(property(R"({"description":"The base","anyOf":[{"type":"string","description":"A name"},)"
                   R"({"type":"integer"}]})") ==
          R"({"anyOf":[{"type":"string","description":"The base. A name"},{"type":"integer",)"
          R"("description":"The base"}]})");
    CHECK(
        property(R"({"type":"object","properties":{"id":{"type":"string"}},"required":["id"],)"
                 R"("oneOf":[{"properties":{"a":{"type":"string"}},"required":["a"]},)"
                 R"({"properties":{"b":{"type":"string"}}}]})") ==
        R"({"anyOf":[{"type":"object","properties":{"id":{"type":"string"},"a":{"type":"string"}},)"
        R"("required":["id","a"]},{"type":"object","properties":{"id":{"type":"string"},"b":)"
        R"({"type":"string"}},"required":["id"]}]})");
    CHECK(property(R"({"type":"string","anyOf":[{"type":"string"},{"type":"integer"}]})") ==
          R"({"type":"string"})");
}

TEST_CASE("alternatives that only require are said in words", "[gemini][schema]") {
    CHECK(
        property(R"({"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},)"
                 R"("anyOf":[{"required":["a"]},{"required":["a","b"]}]})") ==
        R"({"type":"object","description":"At least one is required: \"a\"; or \"a\" and \"b\".",)"
        R"("properties":{"a":{"type":"string"},"b":{"type":"string"}}})");
}

TEST_CASE("alternatives are joined, spread out and told once", "[gemini][schema]") {
    CHECK(
        property(R"({"anyOf":[{"const":"a"},{"type":"string","const":"b"},{"enum":["c","a"]}]})") ==
        R"({"type":"string","enum":["a","b","c"]})");
    CHECK(property(R"({"anyOf":[{"const":"a","description":"first"},{"const":"b"}]})") ==
          R"({"anyOf":[{"type":"string","description":"first","enum":["a"]},{"type":"string",)"
          R"("enum":["b"]}]})");
    CHECK(property(R"({"anyOf":[{"type":"string"},{"oneOf":[{"type":"integer"},{"type":"string"}],)"
                   R"("description":"in"}]})") ==
          R"({"anyOf":[{"type":"string"},{"type":"integer","description":"in"},{"type":"string",)"
          R"("description":"in"}]})");
    CHECK(property(R"({"anyOf":[{"type":"string"},{"type":"string"}]})") == R"({"type":"string"})");
    CHECK(property(R"({"anyOf":[{"type":"string"},false]})") == R"({"type":"string"})");
    CHECK(property(R"({"anyOf":[{"type":"string"}]})") == R"({"type":"string"})");
}

TEST_CASE("unions that meet are combined", "[gemini][schema]") {
    CHECK(property(R"({"allOf":[{"anyOf":[{"type":"string"},{"type":"integer"}]},)"
                   R"({"anyOf":[{"type":"integer","minimum":1},{"type":"boolean"}]}]})") ==
          R"({"type":"integer","minimum":1})");
}

TEST_CASE("unions that would multiply leave the later ones out", "[gemini][schema]") {
    std::string unions;
    for (int i = 0; i < 12; ++i) {
        unions += std::string(i ? "," : "") + R"({"anyOf":[{"minLength":)" + std::to_string(i + 1) +
                  R"(},{"maxLength":)" + std::to_string(90 - i) + "}]}";
    }
    auto text = property(R"({"type":"string","allOf":[)" + unions + "]}");
    CHECK(text.find("Further alternatives are not described here.") != std::string::npos);
    CHECK(text.size() < 10'000);
}

TEST_CASE("any value is an alternative of every type", "[gemini][schema]") {
    for (auto const* schema : {"{}", "true", "null", "5", R"({"type":"any"})"}) {
        CHECK(property(schema) == R"({"anyOf":)" + std::string(anything) + "}");
    }
    CHECK(property(R"({"description":"Whatever"})")
              .starts_with(
                  R"({"anyOf":[{"type":"string","description":"Whatever"},{"type":"number"})"));
}

TEST_CASE("types are inferred from keywords", "[gemini][schema]") {
    CHECK(property(R"({"minLength":1})") == R"({"type":"string","minLength":1})");
    CHECK(property(R"({"minimum":1})") == R"({"type":"number","minimum":1})");
    CHECK(property(R"({"items":{"type":"string"}})") ==
          R"({"type":"array","items":{"type":"string"}})");
    CHECK(property(R"({"format":"int32"})") == R"({"type":"integer","format":"int32"})");
    CHECK(property(R"({"additionalProperties":false})") == R"({"type":"object"})");
}

TEST_CASE("arrays get items", "[gemini][schema]") {
    CHECK(property(R"({"type":"array"})") ==
          R"({"type":"array","items":{"anyOf":)" + std::string(anything) + "}}");
    CHECK(property(R"({"type":"array","items":false})").ends_with(R"("maxItems":0})"));
}

TEST_CASE("tuples become arrays of alternatives with the order in words", "[gemini][schema]") {
    CHECK(property(R"({"type":"array","items":[{"type":"number","title":"lat"},{"type":"number",)"
                   R"("title":"lon"}],"additionalItems":false})") ==
          R"({"type":"array","description":"Items in this order: number (lat), number (lon).",)"
          R"("items":{"anyOf":[{"type":"number","description":"lat"},{"type":"number",)"
          R"("description":"lon"}]},"maxItems":2})");
    CHECK(
        property(R"({"type":"array","prefixItems":[{"type":"string"},{"type":"string"}],)"
                 R"("items":{"type":"integer"}})") ==
        R"({"type":"array","description":"Items in this order: string, string.","items":{"anyOf":)"
        R"([{"type":"string"},{"type":"integer"}]}})");
}
