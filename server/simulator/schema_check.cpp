#include "simulator/schema_check.hpp"

#include "core/ascii.hpp"
#include "simulator/json_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

namespace vertex_relay::simulator {

namespace {

using refusal = std::optional<google_error>;

// google.cloud.aiplatform.v1.Schema, and additionalProperties, which the openapi surface takes.
constexpr std::array known_keywords{
    "type",          "format",        "title",     "description",   "nullable",
    "enum",          "items",         "properties", "required",     "anyOf",
    "default",       "example",       "minimum",   "maximum",       "minItems",
    "maxItems",      "minLength",     "maxLength", "minProperties", "maxProperties",
    "pattern",       "propertyOrdering", "additionalProperties"};

/// Where in the request a schema stands, in the three spellings Google uses.
struct place {
    std::string path;              ///< `tools[0].function_declarations[3].parameters…`
    std::string_view function;     ///< name of the function
    std::string dotted;            ///< `parameters.base_branch`
};

google_error at_field(std::string const& field, std::string message) {
    return {.message = message, .field_violations = {{field, std::move(message)}}};
}

refusal check_schema(json schema, place const& where);

refusal check_keywords(json schema, place const& where) {
    json_object members;
    if (schema.get(members) != simdjson::SUCCESS) {
        return std::nullopt;
    }
    for (auto field : members) {
        if (std::ranges::find(known_keywords, field.key) == known_keywords.end()) {
            return at_field(where.path,
                            fmt::format("Invalid JSON payload received. Unknown name \"{}\" at "
                                        "'{}': Cannot find field.",
                                        field.key, where.path));
        }
    }
    return std::nullopt;
}

refusal check_type(json schema, place const& where) {
    auto type = member(schema, "type");
    if (!type) {
        return std::nullopt;
    }
    constexpr std::array known{"string", "number", "integer", "boolean", "array", "object", "null"};
    auto text = as_text(type);
    if (text && std::ranges::find(known, core::ascii::to_lower(*text)) != known.end()) {
        return std::nullopt;
    }
    auto field = where.path + ".type";
    return at_field(field, fmt::format("Invalid value at '{}' "
                                       "(type.googleapis.com/google.cloud.aiplatform.v1.Type), {}",
                                       field, std::string(simdjson::minify(*type))));
}

refusal check_enum(json schema, place const& where) {
    auto choices = as_array(member(schema, "enum"));
    if (!choices) {
        return std::nullopt;
    }
    std::size_t index = 0;
    for (json choice : *choices) {
        if (!choice.is_string()) {
            auto field = fmt::format("{}.enum[{}]", where.path, index);
            return at_field(field, fmt::format("Invalid value at '{}' (TYPE_STRING), {}", field,
                                               std::string(simdjson::minify(choice))));
        }
        ++index;
    }
    return std::nullopt;
}

refusal check_any_of(json schema, place const& where) {
    auto branches = as_array(member(schema, "anyOf"));
    if (!branches) {
        return std::nullopt;
    }
    if (as_object(schema)->size() > 1) {
        return invalid_argument(fmt::format(
            "Unable to submit request because `{}` functionDeclaration `{}` schema specified other "
            "fields alongside any_of. When using any_of, it must be the only field set. Learn "
            "more: https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/"
            "function-calling",
            where.function, where.dotted));
    }
    std::size_t index = 0;
    for (json branch : *branches) {
        place below{.path = fmt::format("{}.any_of[{}]", where.path, index++),
                    .function = where.function,
                    .dotted = where.dotted};
        auto wrong = check_schema(branch, below);
        if (wrong) {
            return wrong;
        }
    }
    return std::nullopt;
}

/// `required` names properties that exist.
refusal check_required(json schema, place const& where) {
    std::size_t index = 0;
    for (json name : elements_of(member(schema, "required"))) {
        auto known = member(member(schema, "properties"), text_or(name, ""));
        if (!known) {
            return invalid_argument(fmt::format("* GenerateContentRequest.{}.required[{}]: "
                                                "property is not defined\n",
                                                where.path, index));
        }
        ++index;
    }
    return std::nullopt;
}

refusal check_by_type(json schema, place const& where) {
    auto type = core::ascii::to_lower(text_or(member(schema, "type"), ""));
    auto format = text_or(member(schema, "format"), "");
    if (type == "string" && !format.empty() && format != "enum" && format != "date-time") {
        return invalid_argument(fmt::format("* GenerateContentRequest.{}.format: only 'enum' and "
                                            "'date-time' are supported for STRING type\n",
                                            where.path));
    }
    if (type == "array" && !member(schema, "items")) {
        return invalid_argument(
            fmt::format("* GenerateContentRequest.{}.items: missing field.\n", where.path));
    }
    return type == "object" ? check_required(schema, where) : std::nullopt;
}

refusal check_children(json schema, place const& where) {
    std::size_t index = 0;
    if (auto properties = as_object(member(schema, "properties"))) {
        for (auto field : *properties) {
            auto wrong = check_schema(
                field.value,
                {.path = fmt::format("{}.properties[{}].value", where.path, index++),
                 .function = where.function,
                 .dotted = fmt::format("{}.{}", where.dotted, field.key)});
            if (wrong) {
                return wrong;
            }
        }
    }
    auto items = member(schema, "items");
    return items ? check_schema(*items, {.path = where.path + ".items",
                                         .function = where.function,
                                         .dotted = where.dotted + ".items"})
                 : std::nullopt;
}

refusal check_schema(json schema, place const& where) {
    if (!schema.is_object()) {
        return at_field(where.path,
                        fmt::format("Invalid value at '{}' (type.googleapis.com/"
                                    "google.cloud.aiplatform.v1.Schema), {}",
                                    where.path, std::string(simdjson::minify(schema))));
    }
    for (auto check : {check_keywords, check_type, check_enum, check_any_of, check_by_type}) {
        if (auto wrong = check(schema, where)) {
            return wrong;
        }
    }
    return check_children(schema, where);
}

bool is_function_name(std::string_view name) {
    bool begins = !name.empty() && (core::ascii::is_alpha(name.front()) || name.front() == '_');
    return begins && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
        return core::ascii::is_alnum(c) || c == '_' || c == '.' || c == '-';
    });
}

/// A named tool_choice must name a tool.
refusal check_choice(chat_request const& chat) {
    auto named = as_text(member(member(member(chat.body, "tool_choice"), "function"), "name"));
    bool known = !named || std::ranges::any_of(chat.functions, [&](json function) {
        return text_or(member(function, "name"), "") == *named;
    });
    return known ? refusal() : invalid_argument("Request contains an invalid argument.");
}

} // namespace

std::optional<google_error> check_tools(chat_request const& chat) {
    for (std::size_t i = 0; i < chat.functions.size(); ++i) {
        auto name = text_or(member(chat.functions[i], "name"), "");
        if (!is_function_name(name)) {
            return invalid_argument(
                "Invalid function name. Must start with a letter or an underscore. Must be "
                "alphameric (a-z, A-Z, 0-9), underscores (_), dots (.) or dashes (-), with a "
                "maximum length of 64.");
        }
        auto parameters = member(chat.functions[i], "parameters");
        if (!parameters || parameters->is_null()) {
            continue;
        }
        auto wrong = check_schema(
            *parameters,
            {.path = fmt::format("tools[0].function_declarations[{}].parameters", i),
             .function = name,
             .dotted = "parameters"});
        if (wrong) {
            return wrong;
        }
    }
    return check_choice(chat);
}

} // namespace vertex_relay::simulator
