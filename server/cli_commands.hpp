#pragma once
// The subcommands, as the parser and the help text know them.

#include "cli.hpp"

#include <span>
#include <string_view>

namespace vertex_relay {

struct command_option {
    std::string_view flag;        ///< `--port`
    std::string_view placeholder; ///< empty: the option takes no value
    std::string_view help;        ///< one sentence
    bool is_path = false;         ///< the value is a file or a directory
    std::string_view choices = {}; ///< the words allowed, comma-separated; empty: any
};

struct command_row {
    command what;
    std::string_view name;
    std::string_view help; ///< one sentence
    std::span<command_option const> options;
    std::string_view operand = {}; ///< the words that may follow, comma-separated; empty: none
};

/// In the order of the help text; the first is the default.
std::span<command_row const> command_rows();

} // namespace vertex_relay
