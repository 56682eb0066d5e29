#pragma once
// From layers of files, variables and flags to one checked configuration. Pure: the caller reads
// files and the environment and hands over their text.

#include "core/config/config.hpp"

#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::core {

/// One thing wrong with the configuration, and where it was said.
struct config_error {
    std::string where; ///< `file:line:column`, a flag or a variable
    std::string key;   ///< `google.project`; empty for a file that is not TOML
    std::string message;
};

/// `where: key: message`, one line.
std::string describe(config_error const& error);

struct file_layer {
    std::string name; ///< as it should appear in messages
    std::string text;
};

/// One value from a variable or a flag.
struct text_layer {
    std::string key;    ///< a key of `settings()`, or `models` with text `NAME=TARGET[,…]`
    std::string text;   ///< lists are comma-separated
    std::string origin; ///< the variable or flag, as it should appear in messages
};

/// All layers above the built-in defaults. A later member, and within one a later item, wins.
struct config_layers {
    std::vector<text_layer> google_variables; ///< Google's own; they fill what is empty
    std::vector<file_layer> files;
    std::vector<text_layer> variables;
    std::vector<text_layer> flags;
};

struct loaded_config {
    core::config config;
    /// Key → `file:line:column`, variable or flag, for every key that was set; a route's key is
    /// `models.NAME`.
    std::map<std::string, std::string, std::less<>> origins;

    /// Where the value of `key` came from; `default` if nothing set it.
    std::string_view origin(std::string_view key) const;
};

/// As much of a configuration as could be understood. What is wrong on its own left no trace
/// in it; settings that contradict each other stay.
struct partial_config {
    loaded_config loaded;
    std::vector<config_error> errors; ///< none: all of it was understood
};

/// Applies the layers to the defaults and checks the outcome. A file that is not TOML gives that
/// one error; otherwise every unknown key, wrong type, value out of range and broken rule is
/// reported, in the order of the layers.
partial_config load_partly(config_layers const& layers);

/// The same, all or nothing.
std::expected<loaded_config, std::vector<config_error>> load(config_layers const& layers);

} // namespace vertex_relay::core
