#pragma once
// Opens a tunnel through a proxy on a connection to it.

#include "core/egress/connect_error.hpp"
#include "io/connection.hpp"

#include <expected>
#include <string>

namespace vertex_relay::io {

/// Sends CONNECT for `host` and reads the answer; the result is what the target has sent so far,
/// usually nothing. Runs under the sleeper's deadline. `line` is of no use after a failure.
task<std::expected<std::string, core::connect_error>>
open_tunnel(fiber& sleeper, connection& line, core::proxy const& through,
            core::upstream_host const& host);

} // namespace vertex_relay::io
