#pragma once
// A node → one that Vertex AI takes: one type everywhere, only keywords of that type, unions of
// nothing but alternatives. Whatever else was asked becomes a note.

#include "core/gemini/schema/conversion.hpp"
#include "core/gemini/schema/node.hpp"

namespace vertex_relay::core::schema {

/// `depth` is that of the node, the root being 1; below `depth_max` nothing is left.
void settle(node& one, std::size_t depth, conversion& work);

} // namespace vertex_relay::core::schema
