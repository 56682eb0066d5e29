// `enum`, `const` and limits.

#include "unit/gemini/converting.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace vertex_relay::tests;
using vertex_relay::core::schema_purpose;

TEST_CASE("a constant is a list of one", "[gemini][schema]") {
    CHECK(property(R"({"const":"x"})") == R"({"type":"string","enum":["x"]})");
    CHECK(property(R"({"const":5})") ==
          R"({"type":"integer","description":"Must be 5.","minimum":5,"maximum":5})");
    CHECK(property(R"({"const":true})") == R"({"type":"boolean","description":"Must be true."})");
    CHECK(property(R"({"const":{"a":1}})") ==
          R"({"type":"object","description":"Must be {\"a\":1}."})");
}

TEST_CASE("lists of numbers become limits and words", "[gemini][schema]") {
    CHECK(property(R"({"enum":[3,1,2]})") ==
          R"({"type":"integer","description":"Allowed values: 3, 1, 2.","minimum":1,"maximum":3})");
    CHECK(property(R"({"type":"number","enum":[0.5,2],"description":"A rate"})") ==
          R"({"type":"number","description":"A rate. Allowed values: 0.5, 2.","minimum":0.5,)"
          R"("maximum":2})");
    CHECK(property(R"({"type":"integer","enum":["1","2"]})") ==
          R"({"type":"integer","description":"Allowed values: 1, 2.","minimum":1,"maximum":2})");
}

TEST_CASE("lists of strings hold strings, each once, none empty", "[gemini][schema]") {
    CHECK(property(R"({"type":"string","enum":["a","b"]})") == "keep");
    CHECK(property(R"({"enum":["a","b"]})") == R"({"type":"string","enum":["a","b"]})");
    CHECK(property(R"({"type":"string","enum":[1,"a",true,"a"]})") ==
          R"({"type":"string","enum":["1","a","true"]})");
    CHECK(property(R"({"type":"string","enum":["","a"]})") ==
          R"({"type":"string","description":"Allowed values: \"\", \"a\"."})");
    CHECK(property(R"({"type":"string","enum":[]})") == R"({"type":"string"})");
    CHECK(property(R"({"type":"boolean","enum":[true,false]})") == R"({"type":"boolean"})");
    CHECK(property(R"({"enum":["a",null]})") ==
          R"({"type":"string","nullable":true,"enum":["a"]})");
}

TEST_CASE("values of several types are alternatives", "[gemini][schema]") {
    CHECK(property(R"({"enum":["auto",1,2.5],"description":"d"})") ==
          R"({"anyOf":[{"type":"string","description":"d","enum":["auto"]},{"type":"number",)"
          R"("description":"d. Allowed values: 1, 2.5.","minimum":1,"maximum":2.5}]})");
}

TEST_CASE("long lists of values end in an ellipsis", "[gemini][schema]") {
    std::string values = "1000";
    for (int i = 1001; i < 2000; ++i) {
        values += fmt::format(",{}", i);
    }
    auto text = property(R"({"type":"integer","enum":[)" + values + "]}");
    CHECK(text.size() < 1500);
    CHECK(text.find("\xe2\x80\xa6") != std::string::npos);
}

TEST_CASE("exclusive limits become inclusive ones", "[gemini][schema]") {
    CHECK(property(R"({"type":"integer","exclusiveMinimum":0,"exclusiveMaximum":10})") ==
          R"({"type":"integer","minimum":1,"maximum":9})");
    CHECK(property(R"({"type":"integer","exclusiveMinimum":0.5})") ==
          R"({"type":"integer","minimum":1})");
    CHECK(property(R"({"type":"number","exclusiveMinimum":0})") ==
          R"({"type":"number","description":"Must be greater than 0.","minimum":0})");
    CHECK(property(R"({"type":"number","exclusiveMaximum":1,"maximum":0.5})") ==
          R"({"type":"number","maximum":0.5})");
    CHECK(property(R"({"type":"integer","minimum":5,"exclusiveMinimum":true})") ==
          R"({"type":"integer","minimum":6})");
    CHECK(property(R"({"type":"integer","minimum":5,"exclusiveMinimum":false})") ==
          R"({"type":"integer","minimum":5})");
}

TEST_CASE("numbers are not rounded", "[gemini][schema]") {
    CHECK(property(R"({"type":"integer","minimum":-9223372036854775808,"maximum":)"
                   R"(18446744073709551615,"title":"t"})") ==
          R"({"type":"integer","description":"t","minimum":-9223372036854775808,"maximum":)"
          R"(18446744073709551615})");
    CHECK(property(R"({"type":"integer","exclusiveMaximum":9007199254740993})") ==
          R"({"type":"integer","description":"Must be less than 9007199254740993.","maximum":)"
          R"(9007199254740993})");
}

TEST_CASE("counts are whole and not negative", "[gemini][schema]") {
    CHECK(property(R"({"type":"string","minLength":1e1,"maxLength":"20"})") ==
          R"({"type":"string","minLength":10,"maxLength":20})");
    CHECK(property(R"({"type":"string","minLength":-1,"maxLength":1.5})") == R"({"type":"string"})");
}

TEST_CASE("array limits that Google's budget would not bear are said", "[gemini][schema]") {
    CHECK(property(R"({"type":"array","items":{"type":"string"},"maxItems":32})") == "keep");
    CHECK(property(R"({"type":"array","items":{"type":"string"},"maxItems":33})") ==
          R"({"type":"array","description":"At most 33 items.","items":{"type":"string"}})");
    CHECK(property(R"({"type":"array","items":{"type":"string"},"minItems":1,"maxItems":3})",
                   schema_purpose::response) ==
          R"({"type":"array","description":"At most 3 items.","items":{"type":"string"},)"
          R"("minItems":1})");
}
