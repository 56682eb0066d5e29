#include "simulator/schema_fields.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace vertex_relay::simulator {

namespace {

using refusal = std::optional<google_error>;

constexpr std::string_view schema_message = "type.googleapis.com/google.cloud.aiplatform.v1.Schema";

google_error at_field(std::string const& field, std::string message) {
    return {.message = message, .field_violations = {{field, std::move(message)}}};
}

google_error invalid_value(std::string const& field, std::string_view type, json value) {
    return at_field(field, fmt::format("Invalid value at '{}' ({}), {}", field, type,
                                       std::string(simdjson::minify(value))));
}

class field_check {
public:
    field_check(schema_use use) : use_(use) {}

    refusal schema(json value, std::string const& path) const {
        json_object members;
        if (value.get(members) != simdjson::SUCCESS) {
            return invalid_value(path, schema_message, value);
        }
        for (auto member : members) {
            auto wrong = field(member.key, member.value, path);
            if (wrong) {
                return wrong;
            }
        }
        return std::nullopt;
    }

private:
    using check = refusal (field_check::*)(json value, std::string const& path) const;
    struct row {
        std::string_view name;
        check value;
    };

    refusal field(std::string_view name, json value, std::string const& path) const;
    refusal anything(json, std::string const&) const { return std::nullopt; }
    refusal type(json value, std::string const& path) const;
    refusal text(json value, std::string const& path) const;
    refusal flag(json value, std::string const& path) const;
    refusal count(json value, std::string const& path) const;
    refusal number(json value, std::string const& path) const;
    refusal texts(json value, std::string const& path) const;
    refusal schemas(json value, std::string const& path) const;
    refusal schema_map(json value, std::string const& path) const;

    schema_use use_;
};

/// Null is a field left out (the JSON form of protobuf).
refusal field_check::field(std::string_view name, json value, std::string const& path) const {
    static constexpr std::array fields{
        row{"type", &field_check::type},          row{"format", &field_check::text},
        row{"title", &field_check::text},         row{"description", &field_check::text},
        row{"nullable", &field_check::flag},      row{"enum", &field_check::texts},
        row{"items", &field_check::schema},       row{"properties", &field_check::schema_map},
        row{"required", &field_check::texts},     row{"anyOf", &field_check::schemas},
        row{"default", &field_check::anything},   row{"example", &field_check::anything},
        row{"minimum", &field_check::number},     row{"maximum", &field_check::number},
        row{"minItems", &field_check::count},     row{"maxItems", &field_check::count},
        row{"minLength", &field_check::count},    row{"maxLength", &field_check::count},
        row{"minProperties", &field_check::count}, row{"maxProperties", &field_check::count},
        row{"pattern", &field_check::text},       row{"propertyOrdering", &field_check::texts},
        row{"additionalProperties", &field_check::anything},
        // Accepted in answers only (seen on 2026-08-25); they come last.
        row{"$ref", &field_check::text},          row{"$defs", &field_check::schema_map},
    };
    constexpr std::ptrdiff_t answers_only = 2;
    auto const* end = use_ == schema_use::response ? fields.end() : fields.end() - answers_only;
    auto const* known = std::find_if(fields.begin(), end, [&](row const& one) {
        return one.name == name;
    });
    if (known == end) {
        return at_field(path, fmt::format("Invalid JSON payload received. Unknown name \"{}\" at "
                                          "'{}': Cannot find field.",
                                          name, path));
    }
    if (value.is_null()) {
        return std::nullopt;
    }
    auto below = name == "anyOf" ? path + ".any_of" : fmt::format("{}.{}", path, name);
    return (this->*known->value)(value, below);
}

refusal field_check::type(json value, std::string const& path) const {
    constexpr std::array known{"string", "number", "integer", "boolean", "array", "object", "null"};
    auto name = as_text(value);
    bool fine = name && std::ranges::find(known, core::ascii::to_lower(*name)) != known.end();
    return fine ? refusal()
                : invalid_value(path, "type.googleapis.com/google.cloud.aiplatform.v1.Type", value);
}

refusal field_check::text(json value, std::string const& path) const {
    return value.is_string() ? refusal() : invalid_value(path, "TYPE_STRING", value);
}

refusal field_check::flag(json value, std::string const& path) const {
    return value.is_bool() ? refusal() : invalid_value(path, "TYPE_BOOL", value);
}

/// An int64 may also stand in quotes.
refusal field_check::count(json value, std::string const& path) const {
    auto text = as_text(value);
    bool fine = value.is_int64() || (text && core::ascii::parse_decimal(*text));
    return fine ? refusal() : invalid_value(path, "TYPE_INT64", value);
}

refusal field_check::number(json value, std::string const& path) const {
    return value.is_number() ? refusal() : invalid_value(path, "TYPE_DOUBLE", value);
}

refusal field_check::texts(json value, std::string const& path) const {
    auto values = as_array(value);
    if (!values) {
        return invalid_value(path, "TYPE_STRING", value);
    }
    std::size_t index = 0;
    for (json one : *values) {
        if (!one.is_string()) {
            return invalid_value(fmt::format("{}[{}]", path, index), "TYPE_STRING", one);
        }
        ++index;
    }
    return std::nullopt;
}

refusal field_check::schemas(json value, std::string const& path) const {
    auto values = as_array(value);
    if (!values) {
        return invalid_value(path, schema_message, value);
    }
    std::size_t index = 0;
    for (json one : *values) {
        auto wrong = schema(one, fmt::format("{}[{}]", path, index++));
        if (wrong) {
            return wrong;
        }
    }
    return std::nullopt;
}

refusal field_check::schema_map(json value, std::string const& path) const {
    auto members = as_object(value);
    if (!members) {
        return invalid_value(path, schema_message, value);
    }
    std::size_t index = 0;
    for (auto member : *members) {
        auto wrong = schema(member.value, fmt::format("{}[{}].value", path, index++));
        if (wrong) {
            return wrong;
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<google_error> check_schema_fields(json schema, schema_use use,
                                                std::string const& path) {
    return field_check(use).schema(schema, path);
}

} // namespace vertex_relay::simulator
