#include "simulator/schema_sample.hpp"

#include "simulator/json_text.hpp"

#include <fmt/format.h>

namespace vertex_relay::simulator {

namespace {

struct sampler {
    json root;
    std::string out = {};

    std::string_view type_of(json schema) const {
        auto type = member(schema, "type");
        if (auto list = as_array(type)) {
            for (json one : *list) {
                if (text_or(one, "null") != "null") {
                    return text_or(one, "");
                }
            }
        }
        if (auto text = as_text(type)) {
            return *text;
        }
        return member(schema, "properties") ? "object" : member(schema, "items") ? "array" : "";
    }

    std::optional<json> resolved(json schema) const {
        auto reference = as_text(member(schema, "$ref"));
        if (!reference) {
            return schema;
        }
        json found;
        bool local = reference->starts_with("#/") &&
                     root.at_pointer(reference->substr(1)).get(found) == simdjson::SUCCESS;
        return local ? std::optional(found) : std::nullopt;
    }

    bool append_fixed(json schema) {
        if (auto constant = member(schema, "const")) {
            out += simdjson::minify(*constant);
            return true;
        }
        auto choices = as_array(member(schema, "enum"));
        if (choices && choices->size() > 0) {
            out += simdjson::minify(*choices->begin());
            return true;
        }
        return false;
    }

    void append_object(json schema, int depth) {
        out += '{';
        if (auto properties = as_object(member(schema, "properties"))) {
            bool first = true;
            for (auto field : *properties) {
                out += first ? "" : ",";
                first = false;
                append_quoted(out, field.key);
                out += ':';
                append(field.value, field.key, depth + 1);
            }
        }
        out += '}';
    }

    void append(json given, std::string_view name, int depth) {
        auto schema = resolved(given);
        if (!schema || depth > 8) {
            out += "null";
            return;
        }
        if (append_fixed(*schema)) {
            return;
        }
        for (auto const* union_of : {"anyOf", "oneOf", "allOf"}) {
            auto branches = as_array(member(*schema, union_of));
            if (branches && branches->size() > 0) {
                append(*branches->begin(), name, depth + 1);
                return;
            }
        }
        auto type = type_of(*schema);
        if (type == "object" || type == "OBJECT") {
            append_object(*schema, depth);
        } else if (type == "array" || type == "ARRAY") {
            out += '[';
            if (auto items = member(*schema, "items")) {
                append(*items, name, depth + 1);
            }
            out += ']';
        } else if (type == "integer" || type == "number" || type == "INTEGER" || type == "NUMBER") {
            out += std::to_string(integer_or(member(*schema, "minimum"), 1));
        } else if (type == "boolean" || type == "BOOLEAN") {
            out += "true";
        } else if (type == "null") {
            out += "null";
        } else {
            append_quoted(out, fmt::format("a {}", name));
        }
    }
};

} // namespace

std::string sample_of(std::optional<json> schema) {
    if (!schema || !schema->is_object()) {
        return "{}";
    }
    sampler made{.root = *schema};
    made.append(*schema, "value", 0);
    return made.out.front() == '{' ? made.out : "{}";
}

} // namespace vertex_relay::simulator
