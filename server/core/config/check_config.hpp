#pragma once
// The effective configuration as text: every value and where it came from.

#include "core/config/load.hpp"

#include <string>

namespace vertex_relay::core {

/// Valid TOML, each line ending in a comment with the value's origin. Loading it again gives the
/// same configuration. Nothing is masked: secrets enter the configuration only as file paths.
std::string check_config(loaded_config const& loaded);

} // namespace vertex_relay::core
