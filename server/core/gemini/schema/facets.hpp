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

/// A keyword: what it suggests about the type, how it is read, and its sentence or its limit.
struct keyword {
    std::string_view name;
    kind hint;
    void (*read)(node& out, facet const& member, keyword const& self, conversion& work);
    std::string_view sentence = {};
    limit which = limit::minimum;
};

inline void drop(node&, facet const& member, keyword const&, conversion& work) {
    work.log.dropped(member.key);
}

} // namespace vertex_relay::core::schema
