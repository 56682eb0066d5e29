#pragma once
// What fits two schemas at once: `allOf`, keywords beside a `$ref` or a union.

#include "core/gemini/schema/conversion.hpp"
#include "core/gemini/schema/node.hpp"

namespace vertex_relay::core::schema {

/// Most alternatives that may come of two unions that meet.
constexpr std::size_t branches_max = 64;

/// `first` narrowed by `second`; `first`'s properties and words come first. Where the two exclude
/// each other, `first` wins: a schema nothing fits helps nobody. Alternatives are combined pair by
/// pair; where they would be more than `branches_max` or cost too much, `first` stays as it is,
/// with a note.
node merge(node first, node second, conversion& work);

/// Keeps the values that are in both lists; if there are none, the first list.
void narrow_choices(std::vector<choice>& choices, std::vector<choice> values);

/// Adds an alternative; one that is a union itself is taken apart, its words going to each of its
/// branches, so that unions never nest.
void append_branch(std::vector<node>& to, node branch);

/// About how many bytes the node will be written as.
std::size_t weight(node const& one);

} // namespace vertex_relay::core::schema
