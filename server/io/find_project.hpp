#pragma once
// Finds the project before `serve` listens.

#include "core/config/config.hpp"
#include "core/google/environment.hpp"
#include "core/google/surroundings.hpp"

namespace vertex_relay::io {

/// Configuration, variables, credential file, gcloud's configuration, metadata server. Blocks, at
/// most 6 s; milliseconds when a file knows it. An empty value: none, or, with an origin, that
/// place holds something that is no project id. Not on a running loop.
core::google::found_setting find_project(core::config const& settings,
                                         core::google::environment const& variables);

} // namespace vertex_relay::io
