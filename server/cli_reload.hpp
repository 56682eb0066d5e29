#pragma once
// The command line once more, for a reload of the configuration.

#include "cli.hpp"
#include "io/next_service.hpp"

#include <functional>

namespace vertex_relay {

/// The arguments as `main` has them.
struct command_text {
    int argc = 0;
    char const* const* argv = nullptr;
};

/// A command line that was read, with what its files looked like before.
struct started_command {
    invocation call;
    io::watched_files files;
    command_text text;
};

std::expected<started_command, usage_result> read_command_line(command_text text);

/// Reads the command line, its files and the variables again; `adjust` is what the command itself
/// makes of the settings. A remark that the start did not make counts as an error: a file would be
/// left out that was there before.
io::config_reader reader_of(started_command const& started,
                            std::function<void(core::config&)> adjust);

} // namespace vertex_relay
