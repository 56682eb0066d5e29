#pragma once
// What decides about `access.peer_check = "auto"`.

#include "core/http/peer_rules.hpp"

namespace vertex_relay::io {

/// The relay's own uid, and what it runs in: container engines leave a file or a variable.
core::peer_surroundings look_around();

} // namespace vertex_relay::io
