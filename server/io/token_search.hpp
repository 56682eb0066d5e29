#pragma once
// Drives the searches of core::google: reads files, asks the metadata server.

#include "core/config/config.hpp"
#include "core/google/discovery.hpp"
#include "core/google/project_search.hpp"
#include "io/connector.hpp"
#include "io/watched_files.hpp"

#include <expected>
#include <utility>

namespace vertex_relay::io {

/// What the configuration and this machine (product name) say about where to look.
core::google::discovery_settings discovery_settings_of(core::config const& settings);

/// The process's variables; `HOME` comes from the passwd entry when it is unset.
core::google::environment process_environment();

/// One search for a credential, and what it saw.
struct credential_search {
    credential_search(core::google::discovery_settings where,
                      core::google::environment const& process)
        : settings(std::move(where)), variables(process), places(settings, variables) {}

    core::google::discovery_settings settings;
    core::google::environment variables;
    core::google::discovery places;
    watched_files files; ///< every path tried, in its state from before it was read
};

/// Reads the file that the search asks for, if it asks for one, and tells it; else returns false.
bool take_file_step(credential_search& search);
bool take_file_step(core::google::project_search& search);

/// Runs the search to its end; `search.places.take()` is left to the caller.
task<> search_places(fiber& sleeper, connector& connects, credential_search& search);

/// Runs the search to its end and makes sure that the credential belongs to the universe that was
/// configured. One of the metadata server does not say its universe and account: asks for both. In
/// the end it acts as what `google.impersonate_service_account` names.
task<std::expected<core::google::credential, core::google::token_error>>
find_credential(fiber& sleeper, connector& connects, credential_search& search);

/// Runs `search` to its end; a metadata server that does not answer knows no project.
task<> search_project(fiber& sleeper, connector& connects, core::google::project_search& search);

} // namespace vertex_relay::io
