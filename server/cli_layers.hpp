#pragma once
// Where configuration comes from on this system: the usual files and the environment.

#include "cli.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay {

/// Layers found outside the command line, and remarks about them.
struct found_layers {
    core::config_layers layers; ///< without flags
    std::vector<std::string> notices;
    std::string fault = {}; ///< why a file that was named could not be read; empty: it was
};

struct layer_request {
    std::string config_file = {}; ///< of `--config`; empty: not given
    bool default_files = true;    ///< read the usual files if none is named
};

found_layers find_layers(layer_request const& request, environment const& variables,
                         file_reader const& read_file);

/// `/etc/vertex-relay/config.toml` and the user's own after the XDG base directory specification;
/// the latter only where the environment says which directory.
std::vector<std::string> default_config_files(environment const& variables);

} // namespace vertex_relay
