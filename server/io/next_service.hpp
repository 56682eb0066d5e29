#pragma once
// Reading the configuration again, up to the service it describes. Blocks for files, certificate
// authorities and perhaps the metadata server: on a thread of its own, beside the loops.

#include "core/google/environment.hpp"
#include "io/service.hpp"
#include "io/watched_files.hpp"

#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace vertex_relay::io {

/// Reads every layer of the configuration again and tells each file before it is read. The error is
/// one line.
using config_reader = std::function<std::expected<core::config, std::string>(
    std::function<void(std::string const& path)> const& about_to_read)>;

struct reload_request {
    config_reader read;
    core::google::environment variables;
    std::shared_ptr<service const> now; ///< in use
};

struct next_service {
    std::unique_ptr<service> made;    ///< still with the tokens of the one in use
    std::vector<std::string> changed; ///< keys that differ from the one in use
    std::vector<std::string> waiting; ///< keys that take effect at the next start only
};

struct reading {
    std::expected<next_service, std::string> outcome = std::unexpected(std::string());
    watched_files files; ///< all that was read, in their state from before
};

/// Notes the files that the settings name and that are read while a service is made. Call before.
void note_named_files(core::config const& settings, watched_files& files);

/// Changes nothing: the outcome is to be put to use, or the reason why the one in use must stay.
reading read_next(reload_request const& wanted);

} // namespace vertex_relay::io
