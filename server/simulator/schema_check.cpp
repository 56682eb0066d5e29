#include "simulator/schema_check.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

#include <array>

namespace vertex_relay::simulator {

namespace {

using refusal = std::optional<google_error>;

constexpr std::size_t depth_max = 32; // unpublished; deeper than any schema reported to pass
constexpr std::string_view learn_more =
    "Learn more: https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling";

/// A member that is there; null is a field left out.
std::optional<json> given(json schema, std::string_view key) {
    auto value = member(schema, key);
    return value && !value->is_null() ? value : std::nullopt;
}

std::string type_of(json schema) {
    return core::ascii::to_lower(text_or(given(schema, "type"), ""));
}

/// A schema inside the one being checked, in Google's two spellings of its place.
struct spot {
    std::string path;   ///< `tools[0].function_declarations[3].parameters.properties[a].items`
    std::string dotted; ///< `parameters.a.items`
    std::size_t depth;

    spot below(std::string_view step, std::string_view name) const {
        return {fmt::format("{}.{}", path, step), fmt::format("{}.{}", dotted, name), depth + 1};
    }
};

class rule_check {
public:
    rule_check(schema_place const& where, json root) : where_(where), root_(root) {}

    refusal schema(json given_schema, spot const& at);

private:
    google_error unable(spot const& at, std::string_view complaint) const;
    google_error field(spot const& at, std::string_view name, std::string_view complaint) const;
    google_error too_deep() const;

    refusal alternatives(json schema, spot const& at);
    refusal place_of_keywords(json schema, spot const& at) const;
    refusal choices(json schema, spot const& at) const;
    refusal text_rules(json schema, spot const& at) const;
    refusal required(json schema) const;
    refusal children(json schema, spot const& at);
    refusal reference(json schema, spot const& at);

    schema_place const& where_;
    json root_;
    std::size_t schemas_left_ = 20'000; ///< references multiply
};

google_error rule_check::unable(spot const& at, std::string_view complaint) const {
    auto subject = where_.use == schema_use::parameters
                       ? fmt::format("`{}` functionDeclaration `{}` schema", where_.function,
                                     at.dotted)
                       : fmt::format("`{}` schema", at.dotted);
    return invalid_argument(
        fmt::format("Unable to submit request because {} {} {}", subject, complaint, learn_more));
}

google_error rule_check::field(spot const& at, std::string_view name,
                               std::string_view complaint) const {
    return invalid_argument(
        fmt::format("* GenerateContentRequest.{}.{}: {}\n", at.path, name, complaint));
}

google_error rule_check::too_deep() const {
    auto subject = where_.use == schema_use::parameters
                       ? fmt::format("FunctionDeclaration '{}'", where_.function)
                       : std::string("A schema in GenerationConfig");
    return invalid_argument(subject + " in the request exceeds the maximum allowed nesting depth.");
}

refusal rule_check::alternatives(json schema, spot const& at) {
    std::size_t members = 0;
    auto all = as_object(schema);
    for (auto one : *all) {
        members += one.value.is_null() ? 0 : 1;
    }
    if (members > 1) {
        return unable(at, "specified other fields alongside any_of. When using any_of, it must be "
                          "the only field set.");
    }
    std::size_t index = 0;
    for (json branch : elements_of(given(schema, "anyOf"))) {
        auto wrong = this->schema(branch, {.path = fmt::format("{}.any_of[{}]", at.path, index++),
                                           .dotted = at.dotted,
                                           .depth = at.depth + 1});
        if (wrong) {
            return wrong;
        }
    }
    return std::nullopt;
}

/// Keywords that belong to one type.
refusal rule_check::place_of_keywords(json schema, spot const& at) const {
    struct row {
        std::string_view keyword;
        std::string_view type;
    };
    constexpr std::array rows{row{"enum", "string"}, row{"properties", "object"},
                              row{"required", "object"}, row{"items", "array"}};
    for (auto const& [keyword, type] : rows) {
        auto value = given(schema, keyword);
        auto list = as_array(value);
        auto map = as_object(value);
        bool empty = (list && list->size() == 0) || (map && keyword == "properties" &&
                                                     map->size() == 0);
        if (value && !empty && type_of(schema) != type) {
            std::string upper(type);
            std::ranges::transform(upper, upper.begin(), [](char c) { return char(c - 32); });
            return field(at, keyword, fmt::format("only allowed for {} type", upper));
        }
    }
    return std::nullopt;
}

refusal rule_check::choices(json schema, spot const& at) const {
    auto values = elements_of(given(schema, "enum"));
    if (values.empty() && text_or(given(schema, "format"), "") == "enum") {
        return field(at, "enum", "should be non-empty for STRING type with enum format");
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (text_or(values[i], "").empty()) {
            return field(at, fmt::format("enum[{}]", i), "cannot be empty");
        }
    }
    return std::nullopt;
}

refusal rule_check::text_rules(json schema, spot const& at) const {
    auto format = text_or(given(schema, "format"), "");
    bool known = format.empty() || format == "enum" || format == "date-time";
    if (type_of(schema) == "string" && !known) {
        return field(at, "format",
                     "only 'enum' and 'date-time' are supported for STRING type");
    }
    bool bounded = !text_or(given(schema, "pattern"), "").empty() ||
                   given(schema, "minLength") || given(schema, "maxLength");
    return where_.use == schema_use::response && bounded
               ? refusal(invalid_argument("Request contains an invalid argument."))
               : std::nullopt;
}

/// `required` names properties that exist.
refusal rule_check::required(json schema) const {
    std::string unknown;
    for (json name : elements_of(given(schema, "required"))) {
        if (!member(given(schema, "properties"), text_or(name, ""))) {
            unknown += fmt::format("{}'{}'", unknown.empty() ? "" : ", ", text_or(name, ""));
        }
    }
    return unknown.empty()
               ? refusal()
               : invalid_argument(fmt::format("Unable to submit request because required fields "
                                              "[{}] are not defined in the schema properties. {}",
                                              unknown, learn_more));
}

refusal rule_check::children(json schema, spot const& at) {
    if (auto properties = as_object(given(schema, "properties"))) {
        for (auto one : *properties) {
            auto wrong = this->schema(
                one.value, at.below(fmt::format("properties[{}]", one.key), one.key));
            if (wrong) {
                return wrong;
            }
        }
    }
    auto items = given(schema, "items");
    if (type_of(schema) == "array" && !items) {
        return field(at, "items", "missing field.");
    }
    return items ? this->schema(*items, at.below("items", "items")) : std::nullopt;
}

/// In answers, `$ref` into `$defs` is fine as long as it does not lead back to itself; following
/// one that does ends at the depth limit.
refusal rule_check::reference(json schema, spot const& at) {
    auto pointer = text_or(given(schema, "$ref"), "");
    json target;
    bool local = pointer.starts_with("#/") &&
                 root_.at_pointer(pointer.substr(1)).get(target) == simdjson::SUCCESS;
    return local ? this->schema(target, {at.path, at.dotted, at.depth + 1})
                 : refusal(invalid_argument("Request contains an invalid argument."));
}

refusal rule_check::schema(json schema, spot const& at) {
    if (at.depth > depth_max || schemas_left_ == 0) {
        return too_deep();
    }
    --schemas_left_;
    if (given(schema, "$ref")) {
        return reference(schema, at);
    }
    if (given(schema, "anyOf")) {
        return alternatives(schema, at);
    }
    if (type_of(schema).empty()) {
        return unable(at, "didn't specify the schema type field.");
    }
    for (auto check : {&rule_check::place_of_keywords, &rule_check::choices,
                       &rule_check::text_rules}) {
        if (auto wrong = (this->*check)(schema, at)) {
            return wrong;
        }
    }
    auto wrong = required(schema);
    return wrong ? wrong : children(schema, at);
}

/// The parameters of a function are an object that has properties.
refusal check_root(json schema, schema_place const& where) {
    if (type_of(schema) != "object") {
        return invalid_argument(
            fmt::format("Unable to submit request because `{}` functionDeclaration parameters "
                        "schema should be of type OBJECT. {}",
                        where.function, learn_more));
    }
    auto properties = as_object(given(schema, "properties"));
    return properties && properties->size() > 0
               ? refusal()
               : invalid_argument(fmt::format("* GenerateContentRequest.{}.properties: should be "
                                              "non-empty for OBJECT type\n",
                                              where.path));
}

} // namespace

std::optional<google_error> check_schema(json schema, schema_place const& where) {
    auto wrong = check_schema_fields(schema, where.use, where.path);
    if (!wrong && where.use == schema_use::parameters) {
        wrong = check_root(schema, where);
    }
    auto name = where.use == schema_use::parameters ? "parameters" : "response_schema";
    return wrong ? wrong
                 : rule_check(where, schema).schema(schema, {where.path, name, 1});
}

} // namespace vertex_relay::simulator
