#include "core/gemini/schema/read.hpp"

#include "core/ascii.hpp"
#include "core/gemini/schema/dom.hpp"
#include "core/gemini/schema/kinds.hpp"
#include "core/gemini/schema/sentence.hpp"

#include <algorithm>
#include <utility>

namespace vertex_relay::core::schema {

namespace {

/// Schemas inside schemas, references and `allOf` counted too; deeper ones are cut.
constexpr int read_depth_max = 64;

/// `Base Branch` only repeats `base_branch`.
bool same_words(std::string_view first, std::string_view second) {
    auto letters = [](std::string_view text) {
        std::string out;
        for (char c : text) {
            if (c != '_' && c != '-' && c != ' ') {
                out += ascii::lower(c);
            }
        }
        return out;
    };
    return letters(first) == letters(second);
}

} // namespace

std::array<reader::structure, 6> const reader::own_structures{{
    {"type", kind::none, &reader::read_type},
    {"properties", kind::object, &reader::read_properties},
    {"required", kind::none, &reader::read_required},
    {"items", kind::array, &reader::read_items},
    {"prefixItems", kind::array, &reader::read_tuple},
    {"additionalItems", kind::array, &reader::read_rest},
}};

/// What narrows the rest; read once the rest is known, in this order.
std::array<reader::structure, 7> const reader::combinations{{
    {"type", kind::none, &reader::read_type_list},
    {"$ref", kind::none, &reader::read_ref},
    {"$dynamicRef", kind::none, &reader::read_ref},
    {"$recursiveRef", kind::none, &reader::read_ref},
    {"allOf", kind::none, &reader::read_all_of},
    {"anyOf", kind::none, &reader::read_union},
    {"oneOf", kind::none, &reader::read_union},
}};

node cut(kind type, std::string note) {
    node out;
    out.type = type;
    add_note(out, std::move(note));
    return out;
}

node reader::read(element schema, int depth) {
    if (depth > read_depth_max) {
        work_.log.repaired("too_deep");
        return cut(kind::object, "Nested too deep to be described here.");
    }
    if (!work_.spend_nodes(1)) {
        work_.log.repaired("too_large");
        return cut(kind::object, "Too large to be described here.");
    }
    object members;
    return schema.get(members) == simdjson::SUCCESS ? read_object(members, depth)
                                                    : read_bare(schema);
}

/// `true`, `false`, and what is no schema at all; a type's bare name is understood.
node reader::read_bare(element value) {
    node out;
    bool flag = false;
    work_.log.repaired("type");
    if (value.get(flag) == simdjson::SUCCESS) {
        out.never = !flag;
    } else {
        out.type = loose_type(text_of(value));
    }
    return out;
}

node reader::read_object(object schema, int depth) {
    node out;
    std::vector<std::string_view> seen;
    for (auto [key, value] : schema) {
        facet one{.key = key, .value = value, .around = schema};
        bool combines = key != "type" && std::ranges::find(combinations, key, &structure::name) !=
                                             combinations.end();
        if (!work_.spend(key.size() + 16)) {
            break;
        }
        if (!combines && !read_own(out, one, depth) && !read_facet(out, one, work_)) {
            work_.log.dropped(key);
        } else if (std::ranges::find(seen, key) != seen.end()) {
            work_.log.repaired("repeated_key"); // Google's parser refuses what ours allows
        } else {
            seen.push_back(key);
        }
    }
    for (auto const& [key, hint, read] : combinations) {
        if (auto value = member_of(schema, key)) {
            (this->*read)(out, {.key = key, .value = *value, .around = schema}, depth);
        }
    }
    return out;
}

bool reader::read_own(node& out, facet const& one, int depth) {
    auto const* known = std::ranges::find(own_structures, one.key, &structure::name);
    if (known == own_structures.end()) {
        return false;
    }
    out.hint = std::max(out.hint, known->hint);
    (this->*known->read)(out, one, depth);
    return true;
}

void reader::read_type(node& out, facet const& one, int) {
    if (one.value.is_array()) {
        return;
    }
    out.type = loose_type(text_of(one.value));
    if (exact_type(text_of(one.value)) == kind::none) {
        work_.log.repaired("type");
    }
}

/// Draft 3, and people: `required: true` inside the property.
void reader::read_required(node& out, facet const& one, int) {
    simdjson::dom::array names;
    if (one.value.get(names) != simdjson::SUCCESS) {
        bool flag = false;
        out.required = one.value.get(flag) == simdjson::SUCCESS && flag;
        work_.log.repaired("required");
        return;
    }
    out.hint = std::max(out.hint, kind::object);
    for (auto name : names) {
        if (!name.is_string()) {
            work_.log.repaired("required");
        } else if (work_.spend(text_of(name).size() + 16)) {
            out.required_names.emplace_back(text_of(name));
        }
    }
}

void reader::read_properties(node& out, facet const& one, int depth) {
    object members;
    if (one.value.get(members) != simdjson::SUCCESS) {
        work_.log.dropped(one.key);
        return;
    }
    for (auto [name, schema] : members) {
        if (work_.exhausted) {
            break;
        }
        read_property(out, name, schema, depth);
    }
}

void reader::read_property(node& out, std::string_view name, element schema, int depth) {
    auto read_one = read(schema, depth + 1);
    if (!work_.spend(name.size() + 4) || read_one.never) {
        work_.log.repaired("properties");
        return;
    }
    if (std::exchange(read_one.required, false)) {
        out.required_names.emplace_back(name);
    }
    if (!read_one.title.empty() && same_words(read_one.title, name)) {
        read_one.title.clear();
    }
    out.properties.push_back({std::string(name), std::move(read_one)});
}

} // namespace vertex_relay::core::schema
