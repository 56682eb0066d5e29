#include "core/conformance/check.hpp"
#include "core/conformance/request_parts.hpp"

namespace vertex_relay::core::conformance {

namespace {

using enum sign;

/// A tool whose parameter `city` has a schema that Google is said to refuse.
check refused(std::string_view name, std::string_view question, std::string_view city,
              std::string_view more = {}) {
    auto parameters = fmt::format(
        R"({{"type":"object","properties":{{"city":{}}},"required":["city"]{}}})", city, more);
    return {.name = name,
            .question = question,
            .section = "6",
            .members = weather_question(name) + "," + tool("get_weather", parameters) +
                       R"(,"tool_choice":"required")",
            .past = {{status, "400"}},
            .through = {{status, "200"}, {called, "get_weather"}}};
}

} // namespace

std::vector<check> schema_checks() {
    return {
        refused("schema-keyword", "Is $schema refused?", R"({"type":"string"})",
                R"(,"$schema":"https://json-schema.org/draft/2020-12/schema")"),
        refused("schema-reference", "Is $ref refused?", R"({"$ref":"#/$defs/city"})",
                R"(,"$defs":{"city":{"type":"string"}})"),
        refused("schema-const", "Is const refused?", R"({"type":"string","const":"Boston"})"),
        refused("schema-one-of", "Is oneOf refused?",
                R"({"oneOf":[{"type":"string"},{"type":"integer"}]})"),
        refused("schema-all-of", "Is allOf refused?",
                R"({"allOf":[{"type":"string"},{"minLength":1}]})"),
        refused("schema-any-of", "Is anyOf beside other fields refused?",
                R"({"description":"A city","anyOf":[{"type":"string"},{"type":"integer"}]})"),
        refused("schema-two-types", "Is a list of types refused?",
                R"({"type":["string","null"]})"),
        refused("schema-exclusive", "Is exclusiveMinimum refused?",
                R"({"type":"integer","exclusiveMinimum":0})"),
        refused("schema-number-enum", "Is an enum of numbers refused?",
                R"({"type":"integer","enum":[1,2]})"),
        refused("schema-format", "Is the format of a URI refused?",
                R"({"type":"string","format":"uri"})"),
        refused("schema-no-items", "Is an array without items refused?", R"({"type":"array"})"),
        refused("schema-pattern-properties", "Is patternProperties refused?",
                R"({"type":"object","properties":{"a":{"type":"string"}},)"
                R"("patternProperties":{"^x":{"type":"string"}}})"),
    };
}

} // namespace vertex_relay::core::conformance
