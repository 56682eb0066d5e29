#pragma once
// What fits two schemas at once: `allOf`, keywords beside a `$ref` or a union.

#include "core/gemini/schema/conversion.hpp"
#include "core/gemini/schema/node.hpp"

namespace vertex_relay::core::schema {

/// Most alternatives a union may grow to where unions meet.
constexpr std::size_t branches_max = 64;

/// `first` narrowed by `second`; `first`'s properties and words come first. Where the two exclude
/// each other, `first` wins: a schema nothing fits helps nobody. Alternatives are combined pair by
/// pair, at most `branches_max` of them.
node merge(node first, node second, conversion& work);

/// Adds an alternative; one that is a union itself is taken apart, its words going to each of its
/// branches, so that unions never nest.
void append_branch(std::vector<node>& to, node branch);

/// About how many bytes the node will be written as.
std::size_t weight(node const& one);

} // namespace vertex_relay::core::schema
