#pragma once
// The flags of the command line as texts, for help, the manual page and completions.

#include "cli_commands.hpp"
#include "core/config/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay {

struct flag_text {
    std::string name;                    ///< `--listen`
    std::string short_name = {};         ///< `--project` for `--google-project`, `-h`; may be empty
    std::string value = {};              ///< `ADDR:PORT`; empty: takes none, or `=false`
    std::string help = {};               ///< one sentence
    std::vector<std::string> words = {}; ///< what the value may be
    bool is_path = false;                ///< the value may be a file or a directory
};

flag_text flag_of(core::setting const& row);

/// One for each setting, in the order of the table.
std::vector<flag_text> setting_flags();

/// `--model`, `--config`, `--help` and `--version`.
std::vector<flag_text> general_flags();

std::vector<flag_text> own_flags(command_row const& row);

/// The default as TOML, or what an empty value means.
std::string default_text(core::setting const& row);

/// `a,b` → a, b
std::vector<std::string> words_of(std::string_view list, char separator = ',');

} // namespace vertex_relay
