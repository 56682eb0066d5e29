#pragma once
// One question to whoever listens on an address of this machine.

#include "core/doctor/here_checks.hpp"

#include <optional>
#include <string>

namespace vertex_relay::io {

/// The first bytes of the answer to `GET /livez`, empty if none came; nullopt: no connection.
/// Blocks at most 3 s for each of them.
std::optional<std::string> ask_livez(core::listen_address const& address);

/// Whether it could be listened on. Binds and lets go again; a Unix socket is only looked at. The
/// `use` and `reason` of `facts` are set.
void look_at_address(core::doctor::address_facts& facts);

} // namespace vertex_relay::io
