#pragma once
// Rules between settings, checked once every layer is applied.

#include "core/config/load.hpp"

#include <vector>

namespace vertex_relay::core {

/// Empty if the settings go together.
std::vector<config_error> check_consistency(loaded_config const& loaded);

} // namespace vertex_relay::core
