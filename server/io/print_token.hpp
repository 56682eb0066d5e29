#pragma once
// `vertex-relay print-token`: one access token for other programs.

#include "core/config/config.hpp"
#include "core/google/environment.hpp"

namespace vertex_relay::io {

struct print_token_options {
    bool json = false;    ///< an object with the token, its lifetime and its origin
    bool explain = false; ///< every step of the search, on stderr
};

/// Prints a fresh token and a line feed on stdout. Returns the exit code: 1 after one line on
/// stderr that says what to do. Blocks, at most about 40 s and what a program may take.
int print_token(core::config const& settings, core::google::environment const& variables,
                print_token_options options);

} // namespace vertex_relay::io
