// `$ref` and `$defs`: inlined, cut where they come back, bounded where they multiply.

#include "unit/gemini/converting.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace vertex_relay::tests;
using vertex_relay::core::schema_purpose;

namespace {

/// The parameters with one property that refers to `ref`.
std::string referring(std::string_view ref, std::string_view definitions) {
    auto text = converted(fmt::format(
        R"({{"type":"object","properties":{{"p":{{"$ref":"{}"}}}},{}}})", ref, definitions));
    auto begin = text.find(R"("p":)") + 4;
    return text.substr(begin, text.size() - begin - 2);
}

} // namespace

TEST_CASE("references are inlined, wherever they lead in the schema", "[gemini][schema]") {
    std::string string = R"({"type":"string"})";
    CHECK(referring("#/$defs/A", R"("$defs":{"A":{"type":"string"}})") == string);
    CHECK(referring("#/definitions/A", R"("definitions":{"A":{"type":"string"}})") == string);
    CHECK(referring("#/$defs/a~1b~0c", R"("$defs":{"a/b~c":{"type":"string"}})") == string);
    CHECK(referring("#/$defs/a%20b", R"("$defs":{"a b":{"type":"string"}})") == string);
    CHECK(referring("#/%24defs/A", R"("$defs":{"A":{"type":"string"}})") == string);
    CHECK(referring("#name", R"("$defs":{"A":{"$anchor":"name","type":"string"}})") == string);
    CHECK(referring("#/$defs/A/properties/b/items",
                    R"("$defs":{"A":{"properties":{"b":{"items":{"type":"string"}}}}})") == string);
    CHECK(referring("#/components/schemas/A",
                    R"("components":{"schemas":{"A":{"type":"string"}}})") == string);
    CHECK(referring("https://e.com/s#/$defs/A",
                    R"("$id":"https://e.com/s","$defs":{"A":{"type":"string"}})") == string);
    CHECK(referring("#/$defs/A", R"("$defs":{"A":{"$ref":"#/$defs/B"},"B":{"type":"string"}})") ==
          string);
}

TEST_CASE("what stands beside a reference narrows it", "[gemini][schema]") {
    CHECK(converted(R"({"type":"object","properties":{"p":{"$ref":"#/$defs/A","description":"The )"
                    R"(sender","minLength":3}},"$defs":{"A":{"type":"string","title":"A","minLength":)"
                    R"(1,"maxLength":5,"description":"An address."}}})") ==
          R"({"type":"object","properties":{"p":{"type":"string","description":"The sender. An )"
          R"(address.","minLength":3,"maxLength":5}}})");
}

TEST_CASE("the root may be a reference", "[gemini][schema]") {
    CHECK(converted(R"({"$schema":"s","$ref":"#/definitions/A","definitions":{"A":{"type":"object",)"
                    R"("properties":{"a":{"type":"string"}},"required":["a"]}}})") ==
          R"({"type":"object","properties":{"a":{"type":"string"}},"required":["a"]})");
}

TEST_CASE("recursion ends where it begins again", "[gemini][schema]") {
    CHECK(referring("#/$defs/Node",
                    R"("$defs":{"Node":{"type":"object","properties":{"value":{"type":"integer"},)"
                    R"("next":{"$ref":"#/$defs/Node","description":"The next one"}}}})") ==
          R"({"type":"object","properties":{"value":{"type":"integer"},"next":{"type":"object",)"
          R"("description":"The next one. Recursive: of the same shape as Node."}}})");
    CHECK(converted(R"({"type":"object","properties":{"kids":{"type":"array","items":{"$ref":)"
                    R"("#"}}}})") ==
          R"({"type":"object","properties":{"kids":{"type":"array","items":{"type":"object",)"
          R"("description":"Recursive: of the same shape as the root."}}}})");
    CHECK(referring("#/$defs/A", R"("$defs":{"A":{"$ref":"#/$defs/B"},"B":{"$ref":"#/$defs/A"}})") ==
          R"({"type":"object","description":"Recursive: of the same shape as A."})");
}

TEST_CASE("what is defined elsewhere is an object", "[gemini][schema]") {
    CHECK(referring("other.json#/a", R"("$defs":{})") ==
          R"({"type":"object","description":"Defined elsewhere, as \"other.json#/a\"."})");
    CHECK(referring("#/$defs/gone", R"("$defs":{})") ==
          R"({"type":"object","description":"Defined elsewhere, as \"#/$defs/gone\"."})");
}

TEST_CASE("allOf is merged", "[gemini][schema]") {
    CHECK(property(R"({"allOf":[{"type":"object","properties":{"a":{"type":"integer","minimum":1},)"
                   R"("b":{"type":"string"}},"required":["a"]},{"properties":{"a":{"minimum":3,)"
                   R"("maximum":9,"description":"An a"},"c":{"type":"boolean"}},"required":["c"]},)"
                   R"({"description":"Both"}]})") ==
          R"({"type":"object","description":"Both","properties":{"a":{"type":"integer",)"
          R"("description":"An a","minimum":3,"maximum":9},"b":{"type":"string"},"c":{"type":)"
          R"("boolean"}},"required":["a","c"]})");
    CHECK(property(R"({"allOf":[{"type":"string","enum":["a","b","c"]},{"enum":["c","b"]}]})") ==
          R"({"type":"string","enum":["b","c"]})");
    CHECK(property(R"({"allOf":[{"type":"number"},{"type":"integer"}],"description":"d"})") ==
          R"({"type":"integer","description":"d"})");
    CHECK(property(R"({"allOf":[{"type":"string"},{"type":"object"}]})") == R"({"type":"string"})");
    CHECK(property(R"({"type":"array","allOf":[{"items":{"type":"string"}},{"maxItems":3},)"
                   R"({"maxItems":2}]})") ==
          R"({"type":"array","items":{"type":"string"},"maxItems":2})");
}

TEST_CASE("references that multiply stay bounded, and are cut at one depth", "[gemini][schema]") {
    std::string defs = R"("L20":{"type":"string"})";
    for (int level = 19; level >= 0; --level) {
        defs += fmt::format(R"(,"L{}":{{"type":"object","properties":{{)", level);
        for (int i = 0; i < 10; ++i) {
            defs += fmt::format(R"({}"p{}":{{"$ref":"#/$defs/L{}"}})", i ? "," : "", i, level + 1);
        }
        defs += "}}";
    }
    auto bomb = R"({"type":"object","properties":{"a":{"$ref":"#/$defs/L0"},"b":{"$ref":)"
                R"("#/$defs/L0"}},"$defs":{)" + defs + "}}";
    for (auto purpose : {schema_purpose::parameters, schema_purpose::response}) {
        auto text = converted(bomb, purpose);
        CHECK(text.size() < vertex_relay::core::schema_growth_max + 2 * bomb.size());
        CHECK(text.size() > 1000);
        auto note = R"("description":"Too large to be described here: L)";
        auto last = text.rfind(note);
        REQUIRE(last != std::string::npos);
        CHECK(text.substr(last, 52) == text.substr(text.find(note), 52));
    }
    CHECK(repairs(bomb).find("too_large") != std::string::npos);
}

TEST_CASE("deep nesting is cut with a note", "[gemini][schema]") {
    std::string text = R"({"type":"string"})";
    for (int level = 0; level < 50; ++level) {
        text = level % 2 ? R"({"type":"object","properties":{"a":)" + text + "}}"
                         : R"({"type":"array","items":)" + text + "}";
    }
    auto out = converted(text);
    CHECK(out.find("Nested too deep to be described here.") != std::string::npos);
    CHECK(converted(out) == "keep");
}
