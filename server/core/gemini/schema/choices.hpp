#pragma once
// `enum` and `const`: Vertex knows lists of non-empty strings only.

#include "core/gemini/schema/conversion.hpp"
#include "core/gemini/schema/node.hpp"

namespace vertex_relay::core::schema {

/// Where no type is given, the one that all values have; values of several types become a union,
/// `null` among them makes it nullable.
void type_by_choices(node& one, conversion& work);

/// Makes the values fit the node's type. Strings stay an `enum`; numbers become limits and a
/// sentence, so that the model still answers with numbers; the rest becomes a sentence.
void settle_choices(node& one, conversion& work);

} // namespace vertex_relay::core::schema
