#pragma once
// Runs one program of core::google to its end, without a shell and without blocking the loop.

#include "core/google/environment.hpp"
#include "core/google/program.hpp"
#include "io/fiber.hpp"

namespace vertex_relay::io {

/// The child gets `variables` and those of `program`, /dev/null as its input and no descriptor but
/// its output. Ends at the time limit of the program or the sleeper's deadline: SIGTERM to its
/// process group, SIGKILL 2 s later. When the fiber is destroyed meanwhile, SIGKILL at once.
/// `program` must live until the end.
task<core::google::program_outcome> run_to_end(fiber& sleeper,
                                               core::google::run_program const& program,
                                               core::google::environment const& variables);

} // namespace vertex_relay::io
