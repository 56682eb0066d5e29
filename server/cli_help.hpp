#pragma once
// What `--help` and `--version` print. Lines have at most 80 columns where words allow it.

#include "cli_commands.hpp"

#include <string>

namespace vertex_relay {

/// The whole program: usage, commands, the flags most people need, then every setting.
std::string program_help();

/// One command and its own options.
std::string command_help(command_row const& row);

/// Name, version, and the versions of the libraries that matter for security reports.
std::string version_text();

} // namespace vertex_relay
