#pragma once
// `vertex-relay health`: asks a running relay whether it lives. For HEALTHCHECK and exec probes.

#include "core/config/config.hpp"

namespace vertex_relay::io {

/// Asks `/livez` at the first address the configuration listens on (`admin.listen` if set). Prints
/// one line; returns 0 if it answered 200, else 1. Blocks at most 3 s.
int check_health(core::config const& settings);

} // namespace vertex_relay::io
