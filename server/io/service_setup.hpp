#pragma once
// From the configuration to what the workers share.

#include "core/config/listen_address.hpp"
#include "core/google/environment.hpp"
#include "io/service.hpp"

namespace vertex_relay::io {

struct planned_listener {
    core::listen_address address;
    bool optional = false; ///< a default address: skipped if the host lacks it
    bool admin = false;
    std::string_view setting; ///< the flag that changes it
};

std::vector<planned_listener> listen_plan(core::config const& settings);

struct shared_parts {
    std::shared_ptr<egress_settings> egress;
    std::shared_ptr<token_source> tokens;
    signature_store& signatures;
    log const& logs;
    gauges& load;
};

/// Reads what the settings name (`named_files.hpp`, configuration_error) and tries the peer check.
/// Throws std::runtime_error with a sentence if that is demanded and cannot be done.
service make_service(core::config const& settings, core::deployment where, shared_parts parts);

/// Configured, from the environment, else googleapis.com.
std::string universe_of(core::config const& settings,
                        core::google::environment const& variables);

} // namespace vertex_relay::io
