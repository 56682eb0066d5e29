#pragma once
// The whole relay: listeners, workers, the token source, signals and the way down.
//
//     control loop (main thread): signals, listeners, token source, supervision
//     worker loops (a thread each): client sessions with their upstream connections

#include "core/config/config.hpp"
#include "core/google/environment.hpp"

#include <string>
#include <vector>

namespace vertex_relay::io {

struct server_options {
    core::config settings;
    core::google::environment variables;
    std::string config_summary; ///< one line for the log: where settings came from
};

/// Serves until SIGTERM or SIGINT, then drains. Prints `listening …` on stdout, one line per
/// listener. Returns the exit code: 0, 1 if an address cannot be had, 2 if no project is known or a
/// proxy variable is wrong.
int serve(server_options options);

} // namespace vertex_relay::io
