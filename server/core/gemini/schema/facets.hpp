#pragma once
// The keywords that hold no schema: types, values, limits, texts, and those Vertex has no word for.

#include "core/gemini/schema/conversion.hpp"
#include "core/gemini/schema/node.hpp"

#include <string_view>

namespace vertex_relay::core::schema {

/// One member of a schema object.
struct facet {
    std::string_view key;
    simdjson::dom::element value;
    simdjson::dom::object around; ///< the whole object, for keywords that read each other
};

/// Reads the member into `out`; false if it is no keyword of this kind.
bool read_facet(node& out, facet const& member, conversion& work);

/// The values of an `enum`; what is no array has none.
std::vector<choice> read_choices(simdjson::dom::element values, conversion& work);
choice read_choice(simdjson::dom::element value);

} // namespace vertex_relay::core::schema
