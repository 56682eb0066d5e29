#pragma once
// What a configuration that was read again has different, and what of it must wait.

#include "core/config/config.hpp"

#include <string>
#include <vector>

namespace vertex_relay::core {

/// The keys of `settings()` whose values differ, in their order, then `models` if a route does.
std::vector<std::string> changed_keys(config const& before, config const& after);

/// Gives `next` the values of `now` for what a running relay cannot change: its addresses, its
/// workers and where signatures are kept. Returns the keys where they differed.
std::vector<std::string> keep_fixed(config const& now, config& next);

} // namespace vertex_relay::core
