#pragma once
// One configuration file taken apart: what is written where, before anything is checked. The only
// place that knows toml++.

#include "core/config/aliases.hpp"
#include "core/config/load.hpp"

#include <expected>
#include <string>
#include <vector>

namespace vertex_relay::core {

/// A value of the file at a dotted key, known or not.
struct file_value {
    std::string key;
    plain_value value;
    std::string where;       ///< `file:line:column` of the key
    std::string value_where; ///< of the value
};

/// Everything in one file, each kind in the order of the file.
struct file_content {
    std::vector<file_value> values;
    std::vector<alias_entry> aliases; ///< entries of `[models]`
};

/// The error is the first place where the text is no TOML 1.0.
std::expected<file_content, config_error> read_toml_file(file_layer const& file);

} // namespace vertex_relay::core
