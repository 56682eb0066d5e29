#pragma once
// One piece of asynchronous work for a command that does nothing else.

#include "core/config/config.hpp"
#include "io/connector.hpp"

#include <functional>

namespace vertex_relay::io {

/// Runs the task that `begin` makes, on a loop of its own with `upstream.resolve` and
/// `upstream.ca_file`, until it ends. After `limit` its waits end with `cause::deadline`. Blocks.
/// `begin` is no coroutine itself, so that what it captures outlives the task.
void run_alone(core::config const& settings, core::proxy_rules through, clock::duration limit,
               std::function<task<>(fiber&, connector&)> const& begin);

} // namespace vertex_relay::io
