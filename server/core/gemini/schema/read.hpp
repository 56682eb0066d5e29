#pragma once
// JSON Schema → node: references inlined, combinations merged, keywords sorted out.

#include "core/gemini/schema/conversion.hpp"
#include "core/gemini/schema/facets.hpp"
#include "core/gemini/schema/node.hpp"
#include "core/gemini/schema/reference.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::core::schema {

/// Reads whatever it is given; what is no schema counts as one that anything fits.
class reader {
public:
    reader(references& targets, conversion& work) : targets_(targets), work_(work) {}

    node read_root(simdjson::dom::element root) {
        open_.emplace_back(); // the pointer to the root
        return read(root, 0);
    }

private:
    using element = simdjson::dom::element;
    using object = simdjson::dom::object;
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

    // read.cpp: the object itself
    void read_type(node& out, facet const& one, int depth);
    void read_required(node& out, facet const& one, int depth);
    void read_properties(node& out, facet const& one, int depth);
    void read_property(node& out, std::string_view name, element schema, int depth);

    // read_items.cpp: arrays
    void read_items(node& out, facet const& one, int depth);
    void read_tuple(node& out, facet const& one, int depth);
    void read_rest(node& out, facet const& one, int depth);
    void add_item(node& out, node item);

    // read_combinations.cpp: what narrows the rest
    void read_type_list(node& out, facet const& one, int depth);
    void read_ref(node& out, facet const& one, int depth);
    void read_all_of(node& out, facet const& one, int depth);
    void read_union(node& out, facet const& one, int depth);
    node follow(std::string_view ref, int depth);
    node stop_at(ref_target const& target, std::string_view why);
    void note_requirements(node& out, std::string_view keyword, simdjson::dom::array branches);

    references& targets_;
    conversion& work_;
    std::vector<std::string> open_; ///< pointers of the references being followed
};

/// A stand-in for what is not described.
node cut(kind type, std::string note);

} // namespace vertex_relay::core::schema
