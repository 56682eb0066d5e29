#include "support/random_schema.hpp"

#include <array>
#include <string_view>

namespace vertex_relay::tests {

namespace {

using std::string_view;

constexpr std::array<string_view, 14> names{
    "a", "b", "c", "name", "type", "properties", "$ref", "enum", "required", "items",
    "\xc3\xbcn\xc3\xaf", "a/b", "~x", ""};
constexpr std::array<string_view, 14> types{
    "string",  "string", "number", "integer", "integer", "boolean", "array",
    "object", "object", "null",   "STRING",  "int",     "any",     "Object"};
constexpr std::array<string_view, 12> refs{
    "#/$defs/A", "#/$defs/B", "#/$defs/C", "#/definitions/D", "#", "#/properties/a",
    "#/%24defs/A", "#/$defs/none", "#anchor", "https://example.com/s.json#/a", "",
    "#/properties/a~1b/items/0"};
constexpr std::array<string_view, 14> scalars{
    "1",  "2",   "-3",   "0.5", "9007199254740993", "1e300", "true", "false",
    "null", "\"x\"", "\"y\"", "\"\"", "\"\xc3\xa9\"", "[1,{\"k\":\"v\"}]"};
constexpr std::array<string_view, 12> formats{"date-time", "enum", "date", "email", "uri", "int32",
                                              "int64", "float", "double", "uint8", "uuid", ""};
constexpr std::array<string_view, 6> patterns{"^[a-z]+$", "^\\\\d{3}$", "(?=x)y", "(a)\\\\1", "",
                                              "\xc3\xa9|\\\"\\\\u0001"};
constexpr std::array<string_view, 6> texts{"Words.",     "No full stop", "A \\\"quote\\\"",
                                           "Line\\nend\\n", "", "\xe2\x82\xac and more:"};
constexpr std::array<string_view, 11> numbers{"0",  "1",    "2",   "10",  "500",  "-1",
                                              "1.5", "3.0", "1e2", "\"4\"", "18446744073709551615"};

struct generator {
    std::mt19937& random;
    unsigned absurdity;
    int left = 60;

    bool chance(unsigned percent) { return random() % 100 < percent; }

    template <std::size_t Size>
    string_view one_of(std::array<string_view, Size> const& choices) {
        return choices[random() % Size];
    }

    std::string quoted(string_view text) { return '"' + std::string(text) + '"'; }

    template <class Make>
    std::string list(unsigned most, char open, char close, Make make) {
        std::string out(1, open);
        for (auto count = random() % (most + 1); count > 0; --count) {
            out += make();
            out += count > 1 ? "," : "";
        }
        return out + close;
    }

    std::string any_json() {
        switch (random() % 4) {
        case 0:
            return list(3, '[', ']', [&] { return std::string(one_of(scalars)); });
        case 1:
            return list(3, '{', '}', [&] {
                return quoted(one_of(names)) + ":" + std::string(one_of(scalars));
            });
        default:
            return std::string(one_of(scalars));
        }
    }

    std::string schemas(unsigned most) {
        return list(most, '[', ']', [&] { return schema(); });
    }
    std::string schema_map(unsigned most) {
        return list(most, '{', '}', [&] { return quoted(one_of(names)) + ":" + schema(); });
    }
    std::string name_list() {
        return list(4, '[', ']', [&] { return quoted(one_of(names)); });
    }
    std::string scalar_list() {
        return list(5, '[', ']', [&] { return std::string(one_of(scalars)); });
    }
    std::string type_list() {
        return list(4, '[', ']', [&] { return quoted(one_of(types)); });
    }

    std::string keyword() {
        std::array<string_view, 62> const all{"type",
                                              "type",
                                              "type",
                                              "type",
                                              "type",
                                              "properties",
                                              "properties",
                                              "properties",
                                              "required",
                                              "required",
                                              "items",
                                              "items",
                                              "prefixItems",
                                              "additionalItems",
                                              "enum",
                                              "enum",
                                              "const",
                                              "description",
                                              "description",
                                              "title",
                                              "default",
                                              "format",
                                              "pattern",
                                              "minimum",
                                              "maximum",
                                              "exclusiveMinimum",
                                              "exclusiveMaximum",
                                              "minLength",
                                              "maxLength",
                                              "minItems",
                                              "maxItems",
                                              "minProperties",
                                              "maxProperties",
                                              "multipleOf",
                                              "uniqueItems",
                                              "anyOf",
                                              "anyOf",
                                              "oneOf",
                                              "allOf",
                                              "allOf",
                                              "not",
                                              "if",
                                              "then",
                                              "else",
                                              "$ref",
                                              "$ref",
                                              "$comment",
                                              "$id",
                                              "examples",
                                              "example",
                                              "nullable",
                                              "additionalProperties",
                                              "patternProperties",
                                              "propertyNames",
                                              "contains",
                                              "dependentRequired",
                                              "dependentSchemas",
                                              "propertyOrdering",
                                              "contentEncoding",
                                              "deprecated",
                                              "x-odd",
                                              "$anchor"};
        auto key = all[random() % all.size()];
        return quoted(key) + ":" + (chance(absurdity) ? any_json() : value_of(key));
    }

    std::string value_of(string_view key) {
        if (key == "type") {
            return chance(80) ? quoted(one_of(types)) : type_list();
        }
        if (key == "properties" || key == "patternProperties" || key == "dependentSchemas") {
            return schema_map(4);
        }
        if (key == "required" || key == "propertyOrdering") {
            return name_list();
        }
        if (key == "items") {
            return chance(85) ? schema() : schemas(3);
        }
        if (key == "anyOf" || key == "oneOf" || key == "allOf" || key == "prefixItems") {
            return schemas(4);
        }
        if (key == "enum" || key == "examples") {
            return scalar_list();
        }
        if (key == "const" || key == "default" || key == "example") {
            return any_json();
        }
        return text_value_of(key);
    }

    std::string text_value_of(string_view key) {
        if (key == "description" || key == "title" || key == "$comment" || key == "x-odd") {
            return quoted(one_of(texts));
        }
        if (key == "format") {
            return quoted(one_of(formats));
        }
        if (key == "pattern") {
            return quoted(one_of(patterns));
        }
        if (key == "$ref") {
            return quoted(one_of(refs));
        }
        if (key == "$id" || key == "$anchor" || key == "contentEncoding") {
            return quoted(chance(50) ? "anchor" : "base64");
        }
        if (key == "nullable" || key == "uniqueItems" || key == "deprecated") {
            return chance(70) ? "true" : "false";
        }
        if (key == "dependentRequired") {
            return list(2, '{', '}', [&] { return quoted(one_of(names)) + ":" + name_list(); });
        }
        bool number = key.starts_with("m") || key.starts_with("exclusive");
        return number ? std::string(one_of(numbers)) : schema();
    }

    std::string schema() {
        --left;
        if (left < 0 || chance(4)) {
            return chance(60) ? std::string(chance(50) ? "true" : "false") : any_json();
        }
        return list(6, '{', '}', [&] { return keyword(); });
    }

    std::string root() {
        std::string out = schema();
        if (out.front() != '{') {
            return out;
        }
        if (chance(80)) {
            left = std::max(left, 20);
            out.insert(1, R"("type":"object","properties":)" + schema_map(5) +
                              (out.size() > 2 ? "," : ""));
        }
        if (chance(70)) {
            left = std::max(left, 20);
            std::string defs = R"("$defs":{"A":)" + schema() + R"(,"B":)" + schema() + R"(,"C":)" +
                               schema() + R"(},"definitions":{"D":)" + schema() + "}";
            out.insert(1, defs + (out.size() > 2 ? "," : ""));
        }
        return out;
    }
};

} // namespace

std::string random_schema(std::mt19937& random, unsigned absurdity) {
    return generator{.random = random, .absurdity = absurdity}.root();
}

} // namespace vertex_relay::tests
