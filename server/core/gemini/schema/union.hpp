#pragma once
// `anyOf` in Google's way: alternatives and nothing beside them.

#include "core/gemini/schema/conversion.hpp"
#include "core/gemini/schema/node.hpp"

namespace vertex_relay::core::schema {

/// The node has alternatives. `null` among them makes the others nullable; lists of strings become
/// one list; equal ones stand once; what describes the union is said in each of them. A single one
/// takes the union's place.
void settle_union(node& one, std::size_t depth, conversion& work);

/// The parameters of a function are one object, so alternatives at the root become one: the
/// properties of all of them, what all of them require, and a sentence about which go together.
/// False if no alternative is an object; then the node is of no use.
bool merge_alternatives(node& root, conversion& work);

} // namespace vertex_relay::core::schema
