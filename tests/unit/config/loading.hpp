#pragma once
// Short ways to load a configuration in a test.

#include "core/config/load.hpp"

#include <string>
#include <vector>

namespace vertex_relay::core::test {

inline config_layers one_file(std::string text) {
    config_layers layers;
    layers.files.push_back({"relay.toml", std::move(text)});
    return layers;
}

/// What is wrong with the layers, one described error each; empty if nothing is.
inline std::vector<std::string> errors_of(config_layers const& layers) {
    std::vector<std::string> lines;
    auto loaded = load(layers);
    if (!loaded) {
        for (auto const& error : loaded.error()) {
            lines.push_back(describe(error));
        }
    }
    return lines;
}

inline std::vector<std::string> errors_in(std::string text) {
    return errors_of(one_file(std::move(text)));
}

} // namespace vertex_relay::core::test
