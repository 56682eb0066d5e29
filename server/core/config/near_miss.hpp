#pragma once
// "Did you mean …": the known name closest to a mistyped one.

#include <cstddef>
#include <span>
#include <string_view>

namespace vertex_relay::core {

/// Optimal string alignment distance: insert, delete, replace, or swap of two neighbours.
std::size_t spelling_distance(std::string_view a, std::string_view b);

/// The candidate that differs from `typed` in few letters (insert, delete, replace, swap), or that
/// ends in `typed` as its last words (`project` → `google.project`). Empty if none is close. The
/// view is one of `candidates`.
std::string_view nearest(std::string_view typed, std::span<std::string_view const> candidates);

} // namespace vertex_relay::core
