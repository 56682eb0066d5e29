#pragma once
// A program to run on the way to a token, and what came of it.

#include "core/google/instant.hpp"
#include "core/secret.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vertex_relay::core::google {

inline constexpr std::size_t program_output_bytes_max = 64 * 1024;

/// Never by a shell: a process group of its own, standard input from /dev/null, no descriptor
/// besides output and errors. When the time is over the group gets SIGTERM, 2 s later SIGKILL.
struct run_program {
    std::vector<std::string> arguments; ///< the program first: a path, or a name to find in `PATH`
    std::vector<std::pair<std::string, std::string>> variables; ///< beside the process's own
    milliseconds timeout{0};
};

struct program_outcome {
    enum class kind {
        exited,      ///< with `status`
        killed,      ///< by signal `status`
        not_found,   ///< no such program, or a relative entry of `PATH` only
        not_started, ///< `reason` is the system's text
        timed_out,
        too_long, ///< more output than `program_output_bytes_max`
    };

    kind what = kind::not_started;
    int status = 0;
    secret output = {};
    std::string errors = {}; ///< the beginning of standard error
    std::string reason = {};
};

/// `program "PATH"` for messages: never the arguments.
std::string name_of(run_program const& program);

/// How a run without usable output ended, as a clause: `ended with status 1`.
std::string how_it_ended(program_outcome const& outcome);

/// Text of a program fit for a message: at most 200 characters, and words that might be secrets
/// (24 letters, digits and signs or more without a blank, a slash or a dot) left out.
std::string redacted_text(std::string_view text);

} // namespace vertex_relay::core::google
