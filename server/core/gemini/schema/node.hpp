#pragma once
// One schema between JSON Schema and Vertex AI's: references are inlined and combinations merged,
// but what Vertex has no word for is still there.
//
//     read     JSON Schema → node     (refs, allOf, unions, keywords)
//     settle   node → node            (only what Vertex takes; the rest becomes description)
//     write    node → JSON text

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace vertex_relay::core::schema {

/// In the order in which hints win: properties say more about a type than a minimum does.
enum class kind : std::uint8_t { none, null, boolean, number, integer, string, array, object };

enum class limit : std::uint8_t {
    minimum,
    maximum,
    above, ///< exclusiveMinimum
    below, ///< exclusiveMaximum
    min_length,
    max_length,
    min_items,
    max_items,
    min_properties,
    max_properties
};

struct bound {
    limit which;
    double value;
    std::string text; ///< as JSON, without the rounding of `value`
};

/// One value of an `enum`.
struct choice {
    kind type;
    std::string text; ///< a string's characters, anything else as JSON
    auto operator<=>(choice const&) const = default;
};

struct property;

struct node {
    kind type = kind::none;
    kind hint = kind::none; ///< what the keywords suggest where no type is given
    bool nullable = false;
    bool never = false;     ///< the schema `false`
    bool required = false;  ///< draft 3: `required` inside the property
    std::string title;
    std::string description;
    std::vector<std::string> notes; ///< sentences about what was dropped, for the description
    std::string format;
    std::string pattern;
    std::string example; ///< as JSON; empty: none
    std::vector<choice> choices;
    std::vector<bound> bounds; ///< at most one of each limit
    std::vector<property> properties;
    std::vector<std::string> required_names;
    std::vector<std::string> ordering;
    std::vector<node> items;    ///< none or one
    std::vector<node> branches; ///< `anyOf`; then all but the describing members are empty
};

struct property {
    std::string name;
    node schema;
};

inline bound* find_bound(node& of, limit which) {
    for (auto& one : of.bounds) {
        if (one.which == which) {
            return &one;
        }
    }
    return nullptr;
}

inline void erase_bound(node& of, limit which) {
    std::erase_if(of.bounds, [&](bound const& one) { return one.which == which; });
}

/// Whether any value at all fits.
inline bool is_anything(node const& one) {
    return one.type == kind::none && one.hint == kind::none && one.branches.empty() &&
           one.choices.empty() && !one.never;
}

} // namespace vertex_relay::core::schema
