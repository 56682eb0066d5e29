#pragma once
// The one place that reads the clocks by which tokens expire.

#include "core/google/instant.hpp"

#include <functional>

namespace vertex_relay::io {

/// CLOCK_BOOTTIME, which runs on while the machine sleeps (`steady_clock` does not on Linux), and
/// CLOCK_REALTIME. Any thread.
core::google::instant system_instant();

/// Replaced in tests. Called from any thread, also concurrently.
using instant_source = std::function<core::google::instant()>;

} // namespace vertex_relay::io
