#pragma once
// `enum`, `const` and the limits, as they are read.

#include "core/gemini/schema/facets.hpp"

namespace vertex_relay::core::schema {

void read_enum(node& out, facet const& member, keyword const& self, conversion& work);
void read_const(node& out, facet const& member, keyword const& self, conversion& work);
void read_limit(node& out, facet const& member, keyword const& self, conversion& work);
/// Draft 4, too: `exclusiveMinimum: true` makes the minimum beside it an exclusive one.
void read_exclusive(node& out, facet const& member, keyword const& self, conversion& work);

} // namespace vertex_relay::core::schema
