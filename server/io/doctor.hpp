#pragma once
// `vertex-relay doctor`: looks at everything a relay needs, and says what to do about it.

#include "core/config/load.hpp"
#include "core/google/environment.hpp"

#include <string>
#include <vector>

namespace vertex_relay::io {

struct doctor_options {
    std::vector<std::string> config_files; ///< those that were read
    std::vector<std::string> faults; ///< what is wrong in the configuration; the rest is examined
    bool json = false;                     ///< one object for programs
    bool requests = true;                  ///< ask models, for one token each
};

/// Prints a report on stdout, never a token. Returns 0 if all is well, 1 if a check failed. Blocks
/// for some seconds; up to three minutes for a token and one for each model.
int doctor(core::loaded_config loaded, core::google::environment const& variables,
           doctor_options options);

} // namespace vertex_relay::io
