#pragma once
// The whole relay: listeners, workers, the token source, signals, reloads and the way down.
//
//     control loop (main thread): signals, listeners, token source, supervision, reloads
//     worker loops (a thread each): client sessions with their upstream connections

#include "io/next_service.hpp"
#include "io/systemd.hpp"

namespace vertex_relay::io {

struct server_options {
    core::config settings;
    core::google::environment variables;
    watched_files files;      ///< where the settings came from, noted before they were read
    config_reader read_again; ///< for reloads; null: none
    systemd_parts systemd = {}; ///< its sockets' addresses are those of `settings`
    bool simulated = false;     ///< what answers is no Google, which the log says
};

/// Serves until SIGTERM or SIGINT, then drains. Prints `listening …` on stdout, one line per
/// listener. Returns the exit code: 0, 1 if an address cannot be had, 2 if no project is known or a
/// proxy variable is wrong.
int serve(server_options options);

} // namespace vertex_relay::io
