#pragma once
// The `conformance` command: asks the real Vertex AI what nobody could tell from documents, past
// the relay and through it.

#include "core/config/config.hpp"
#include "core/conformance/plan.hpp"
#include "core/google/environment.hpp"

namespace vertex_relay::io {

/// Blocks. Says what it will cost and asks, unless told not to; prints a row for each call and
/// writes captures. Returns the exit code: 0 when all expectations held, 1 when one did not, or
/// nothing could be asked, 2 for a configuration that does not do or without consent.
int run_conformance(core::config settings, core::google::environment const& variables,
                    core::conformance::wishes const& wanted);

} // namespace vertex_relay::io
