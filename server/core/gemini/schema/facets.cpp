#include "core/gemini/schema/facets.hpp"

#include "core/gemini/schema/dom.hpp"
#include "core/gemini/schema/facet_values.hpp"
#include "core/gemini/schema/sentence.hpp"
#include "core/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace vertex_relay::core::schema {

namespace {

/// Vertex has no word for it; the model gets a sentence that quotes it.
void quote(node& out, facet const& member, keyword const& self, conversion& work) {
    drop(out, member, self, work);
    auto text = quoted_json(member.value);
    if (!text.empty()) {
        add_note(out, fmt::format(fmt::runtime(self.sentence), text));
    }
}

/// `"default": null` says that there is none.
void quote_default(node& out, facet const& member, keyword const& self, conversion& work) {
    (member.value.is_null() ? drop : quote)(out, member, self, work);
}

/// Names are strings anyway; zod says so of every record.
void quote_names(node& out, facet const& member, keyword const& self, conversion& work) {
    bool trivial = quoted_json(member.value) == R"({"type":"string"})";
    (trivial ? drop : quote)(out, member, self, work);
}

/// The same for a keyword that is on or off.
void say_if_true(node& out, facet const& member, keyword const& self, conversion& work) {
    drop(out, member, self, work);
    if (is_true(member.value)) {
        add_note(out, std::string(self.sentence));
    }
}

/// A map from any names to values of one kind is an object whose properties nobody can list.
void read_other_properties(node& out, facet const& member, keyword const& self, conversion& work) {
    drop(out, member, self, work);
    simdjson::dom::object schema;
    bool says = member.value.get(schema) == simdjson::SUCCESS && schema.begin() != schema.end();
    auto text = says ? quoted_json(member.value) : std::string();
    auto which = member_of(member.around, "properties") ? "Other" : "Any";
    if (!text.empty()) {
        add_note(out, fmt::format("{} property names are allowed, with values that match {}.",
                                  which, text));
    }
}

/// A text that Vertex takes as it is; of any other type it would be refused.
template <std::string node::* Member>
void read_text(node& out, facet const& member, keyword const& self, conversion& work) {
    auto text = text_of(member.value);
    if (!member.value.is_string() || !work.spend(text.size())) {
        drop(out, member, self, work);
        return;
    }
    out.*Member = text;
}

void read_title(node& out, facet const& member, keyword const& self, conversion& work) {
    read_text<&node::title>(out, member, self, work);
    work.log.dropped(member.key);
}

void read_example(node& out, facet const& member, keyword const& self, conversion& work) {
    out.example = quoted_json(member.value);
    if (out.example.empty()) {
        drop(out, member, self, work);
    }
}

void read_nullable(node& out, facet const& member, keyword const& self, conversion& work) {
    out.nullable = is_true(member.value);
    if (!member.value.is_bool()) {
        drop(out, member, self, work);
    }
}

void read_ordering(node& out, facet const& member, keyword const& self, conversion& work) {
    simdjson::dom::array names;
    if (member.value.get(names) != simdjson::SUCCESS) {
        drop(out, member, self, work);
        return;
    }
    for (auto name : names) {
        if (name.is_string() && work.spend(text_of(name).size() + 16)) {
            out.ordering.emplace_back(text_of(name));
        } else {
            drop(out, member, self, work);
        }
    }
}

void read_condition(node& out, facet const& member, keyword const& self, conversion& work) {
    drop(out, member, self, work);
    auto clause = [&](std::string_view key) {
        auto value = member_of(member.around, key);
        return value ? quoted_json(*value) : std::string();
    };
    auto condition = quoted_json(member.value);
    auto then = clause("then");
    auto otherwise = clause("else");
    if (condition.empty() || (then.empty() && otherwise.empty())) {
        return;
    }
    auto sentence = fmt::format("If it matches {}, ", condition);
    sentence += then.empty() ? "" : fmt::format("it must also match {}", then);
    sentence += then.empty() || otherwise.empty() ? "" : "; ";
    sentence += otherwise.empty() ? "" : fmt::format("otherwise it must match {}", otherwise);
    add_note(out, sentence + ".");
}

/// `{"a":["b"]}`: with a, b is required. Draft 7 has schemas in the same place.
void read_dependencies(node& out, facet const& member, keyword const& self, conversion& work) {
    simdjson::dom::object pairs;
    drop(out, member, self, work);
    if (member.value.get(pairs) != simdjson::SUCCESS) {
        return;
    }
    int said = 0;
    for (auto [name, needed] : pairs) {
        auto text = quoted_json(needed);
        if (++said > 10 || text.empty()) {
            return;
        }
        auto sentence = needed.is_array() ? "If {} is given, these are required too: {}."
                                          : "If {} is given, it must also match {}.";
        add_note(out, fmt::format(fmt::runtime(sentence), json_string(name.substr(0, 100)), text));
    }
}

constexpr auto any = kind::none;

constexpr std::array keywords{
    keyword{"description", any, read_text<&node::description>},
    keyword{"title", any, read_title},
    keyword{"format", kind::string, read_text<&node::format>},
    keyword{"pattern", kind::string, read_text<&node::pattern>},
    keyword{"nullable", any, read_nullable},
    keyword{"example", any, read_example},
    keyword{"propertyOrdering", kind::object, read_ordering},
    keyword{"enum", any, read_enum},
    keyword{"const", any, read_const},
    keyword{"minimum", kind::number, read_limit, {}, limit::minimum},
    keyword{"maximum", kind::number, read_limit, {}, limit::maximum},
    keyword{"exclusiveMinimum", kind::number, read_exclusive, {}, limit::above},
    keyword{"exclusiveMaximum", kind::number, read_exclusive, {}, limit::below},
    keyword{"minLength", kind::string, read_limit, {}, limit::min_length},
    keyword{"maxLength", kind::string, read_limit, {}, limit::max_length},
    keyword{"minItems", kind::array, read_limit, {}, limit::min_items},
    keyword{"maxItems", kind::array, read_limit, {}, limit::max_items},
    keyword{"minProperties", kind::object, read_limit, {}, limit::min_properties},
    keyword{"maxProperties", kind::object, read_limit, {}, limit::max_properties},
    keyword{"default", any, quote_default, "Default: {}."},
    keyword{"examples", any, quote, "Examples: {}."},
    keyword{"multipleOf", kind::number, quote, "Must be a multiple of {}."},
    keyword{"uniqueItems", kind::array, say_if_true, "Items must be unique."},
    keyword{"contains", kind::array, quote, "At least one item must match {}."},
    keyword{"not", any, quote, "Must not match {}."},
    keyword{"if", any, read_condition},
    keyword{"additionalProperties", kind::object, read_other_properties},
    keyword{"patternProperties", kind::object, quote,
            "Properties whose name matches a pattern: {}."},
    keyword{"propertyNames", kind::object, quote_names, "Property names must match {}."},
    keyword{"dependentRequired", kind::object, read_dependencies},
    keyword{"dependentSchemas", kind::object, read_dependencies},
    keyword{"dependencies", kind::object, read_dependencies},
    keyword{"contentEncoding", kind::string, quote, "Content encoding: {}."},
    keyword{"contentMediaType", kind::string, quote, "Content type: {}."},
    keyword{"deprecated", any, say_if_true, "Deprecated."},
};

} // namespace

bool read_facet(node& out, facet const& member, conversion& work) {
    auto const* known = std::ranges::find(keywords, member.key, &keyword::name);
    if (known == keywords.end()) {
        return false;
    }
    known->read(out, member, *known, work);
    out.hint = std::max(out.hint, known->hint);
    return true;
}

} // namespace vertex_relay::core::schema
