#pragma once
// The work behind `read_schema`: what a schema says of itself (read.cpp), and the schemas it holds
// or refers to (read_nested.cpp). For those two files only.

#include "core/ascii.hpp"
#include "core/gemini/schema/facets.hpp"
#include "core/gemini/schema/kinds.hpp"
#include "core/gemini/schema/merge.hpp"
#include "core/gemini/schema/read.hpp"
#include "core/gemini/schema/sentence.hpp"
#include "core/json_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace vertex_relay::core::schema {

using simdjson::dom::element;
using simdjson::dom::object;

/// Schemas inside schemas, references and `allOf` counted too; deeper ones are cut.
inline constexpr int read_depth_max = 64;

inline std::optional<element> member(object of, std::string_view key) {
    element found;
    bool known = of.at_key(key).get(found) == simdjson::SUCCESS;
    return known ? std::optional(found) : std::nullopt;
}

inline std::string_view text_of(element value) {
    std::string_view text;
    return value.get(text) == simdjson::SUCCESS ? text : std::string_view();
}

inline node cut(kind type, std::string note) {
    node out;
    out.type = type;
    add_note(out, std::move(note));
    return out;
}

/// `Base Branch` only repeats `base_branch`.
inline bool same_words(std::string_view first, std::string_view second) {
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

/// `required` and a name at most: an alternative that only says what must be given.
inline bool is_requirement(element branch) {
    object members;
    bool requires_names = false;
    if (branch.get(members) != simdjson::SUCCESS) {
        return false;
    }
    for (auto [key, value] : members) {
        requires_names = requires_names || (key == "required" && value.is_array());
        if (key != "required" && key != "title" && key != "description" &&
            !(key == "type" && text_of(value) == "object")) {
            return false;
        }
    }
    return requires_names;
}

/// Whether a union would have to share its schema with this.
inline bool is_blank(node const& one) {
    return is_anything(one) && one.description.empty() && one.notes.empty() && !one.nullable &&
           one.example.empty() && one.required_names.empty();
}

class reader {
public:
    reader(references& targets, conversion& work) : targets_(targets), work_(work) {}

    node read_root(element root) {
        open_.emplace_back(); // the pointer to the root
        return read(root, 0);
    }

private:
    using step = void (reader::*)(node& out, facet const& one, int depth);

    struct structure { ///< a keyword that holds schemas
        std::string_view name;
        kind hint;
        step read;
    };
    static std::array<structure, 6> const own_structures;
    static std::array<structure, 7> const combinations;

    node read(element schema, int depth);
    node read_bare(element value);
    node read_object(object schema, int depth);
    bool read_own(node& out, facet const& one, int depth);

    void read_type(node& out, facet const& one, int depth);
    void read_type_list(node& out, facet const& one, int depth);
    void read_required(node& out, facet const& one, int depth);
    void read_properties(node& out, facet const& one, int depth);
    void read_items(node& out, facet const& one, int depth);
    void read_tuple(node& out, facet const& one, int depth);
    void read_rest(node& out, facet const& one, int depth);
    void read_ref(node& out, facet const& one, int depth);
    void read_all_of(node& out, facet const& one, int depth);
    void read_union(node& out, facet const& one, int depth);

    void read_property(node& out, std::string_view name, element schema, int depth);
    void add_item(node& out, node item);
    node follow(std::string_view ref, int depth);
    node stop_at(ref_target const& target, std::string_view why);
    void note_requirements(node& out, std::string_view keyword, simdjson::dom::array branches);

    references& targets_;
    conversion& work_;
    std::vector<std::string> open_; ///< pointers of the references being followed
};

} // namespace vertex_relay::core::schema
