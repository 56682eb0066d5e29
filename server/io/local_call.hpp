#pragma once
// One question to whoever listens on an address of this machine.

#include "core/doctor/here_checks.hpp"
#include "core/secret.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace vertex_relay::io {

/// The first bytes of the answer to `GET /livez`, empty if none came; nullopt: no connection.
/// Blocks at most 3 s for each of them.
std::optional<std::string> ask_livez(core::listen_address const& address);

/// The status of the answer to `GET /v1/models` with this key, 0 if there is none; without a key
/// none is sent. Blocks like `ask_livez`.
int ask_as_client(core::listen_address const& address, core::secret const* key);

/// Sends `request` and gives what comes to `take` until that says false or the other side ends,
/// which may be never; the first byte within 3 s. False: no connection.
bool stream_from(core::listen_address const& address, std::string_view request,
                 std::function<bool(std::string_view)> const& take);

/// Whether it could be listened on. Binds and lets go again; a Unix socket is only looked at. The
/// `use` and `reason` of `facts` are set.
void look_at_address(core::doctor::address_facts& facts);

} // namespace vertex_relay::io
