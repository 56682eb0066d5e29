#pragma once
// `vertex-relay tail`: the requests of a running relay as they end, live.

#include "core/config/config.hpp"

namespace vertex_relay::io {

/// Follows the relay at the first address of the configuration that answers, until it stops or the
/// reader of stdout does. `json`: lines as they come. Returns 0, or 1 if no relay tells anything;
/// throws configuration_error for a key file that cannot be read.
int tail(core::config const& settings, bool json);

} // namespace vertex_relay::io
