// What the relay makes of any JSON Schema, judged by the simulator's own idea of what Google takes.

#include "support/random_schema.hpp"
#include "support/schema_promise.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <string>

using namespace vertex_relay;
using core::schema_purpose;

namespace {

void check(std::string_view schema, schema_purpose purpose) {
    INFO(schema.substr(0, 2000));
    REQUIRE(tests::broken_promise(schema, purpose) == "");
}

void check(std::string_view schema) {
    check(schema, schema_purpose::parameters);
    check(schema, schema_purpose::response);
}

template <class Make>
std::string repeated(int count, Make make) {
    std::string out;
    for (int i = 0; i < count; ++i) {
        out += (i ? "," : "") + make(i);
    }
    return out;
}

/// Each definition uses the next one twice.
std::string doubling(std::string_view keyword) {
    return R"({"type":"object","properties":{"a":{"$ref":"#/$defs/D0"}},"$defs":{)" +
           repeated(40,
                    [&](int i) {
                        return fmt::format(R"("D{0}":{{"{1}":[{{"$ref":"#/$defs/D{2}"}},)"
                                           R"({{"$ref":"#/$defs/D{2}","title":"t"}}]}})",
                                           i, keyword, i + 1);
                    }) +
           R"(,"D40":{"type":"string"}}})";
}

std::string with_property(std::string_view schema) {
    return fmt::format(R"({{"type":"object","properties":{{"a":{}}}}})", schema);
}

} // namespace

TEST_CASE("whatever schema comes, Google takes what is sent", "[schema]") {
    for (unsigned seed = 0; seed < 4000; ++seed) {
        std::mt19937 random(seed);
        auto schema = tests::random_schema(random, seed % 5 * 12);
        INFO("seed " << seed);
        check(schema, seed % 2 ? schema_purpose::parameters : schema_purpose::response);
    }
}

TEST_CASE("schemas that multiply are bounded", "[schema]") {
    check(doubling("anyOf"));
    check(doubling("allOf"));
    check(doubling("prefixItems"));
    check(with_property(R"({"allOf":[)" +
                        repeated(12,
                                 [](int i) {
                                     return fmt::format(
                                         R"({{"anyOf":[{{"minLength":{}}},{{"maxLength":{}}}]}})",
                                         i, 100 - i);
                                 }) +
                        "]}"));
    check(with_property(R"({"description":")" + std::string(100'000, 'd') + R"(","anyOf":[)" +
                        repeated(60, [](int i) { return fmt::format(R"({{"const":{}}})", i); }) +
                        "]}"));
}

TEST_CASE("large schemas pass, and cost no more than their size", "[schema]") {
    auto strings =
        R"({"type":"object","properties":{)" +
        repeated(
            15'000,
            [](int i) { return fmt::format(R"("p{0}":{{"type":"string","title":"t{0}"}})", i); }) +
        "}}";
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    REQUIRE(parser.parse(strings).get(root) == simdjson::SUCCESS);
    auto done = core::convert_schema(root, schema_purpose::parameters, "param");
    REQUIRE(done);
    CHECK(done->text.find("p14999") != std::string::npos);
    CHECK(done->text.find("Too large") == std::string::npos);
    simdjson::dom::element many;
    auto objects = repeated(21'000, [](int) { return std::string(R"({"type":"string"})"); });
    REQUIRE(parser.parse(with_property(R"({"type":"array","prefixItems":[)" + objects + "]}"))
                .get(many) == simdjson::SUCCESS);
    auto refused = core::convert_schema(many, schema_purpose::parameters, "param");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "schema_too_large");
    CHECK(refused.error().param == "param");
    auto fives = repeated(100'000, [](int) { return std::string("5"); });
    check(with_property(R"({"enum":[)" + fives + "]}"));
    check(with_property(R"({"type":"array","prefixItems":[)" + fives + "]}"));
    check(with_property(R"({"anyOf":[)" + fives + "]}"));
    check(with_property(R"({"allOf":[)" + fives + "]}"));
    check(with_property(R"({"type":"object","required":[)" + fives + "]}"));
}
