#pragma once
// Numbers and patterns that bound a value: which of them Vertex takes, and the rest in words.

#include "core/gemini/schema/conversion.hpp"
#include "core/gemini/schema/node.hpp"

namespace vertex_relay::core::schema {

/// The node has its type. Exclusive limits become inclusive ones (of integers by one more or
/// less), counts whole numbers; what an answer's constraint would not bear becomes a sentence.
void settle_limits(node& one, conversion& work);

} // namespace vertex_relay::core::schema
