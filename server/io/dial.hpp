#pragma once
// One TCP connection to any of several addresses.

#include "io/connection.hpp"
#include "io/socket_address.hpp"

#include <expected>
#include <memory>
#include <string>
#include <vector>

namespace vertex_relay::io {

/// The error is a few words: `Connection refused`, with the addresses if there are several.
using dialled = std::expected<std::unique_ptr<connection>, std::string>;

/// Tries the addresses as `core::connect_race` says and drops all attempts but the first that
/// succeeds. Waits as long as the sleeper may; its deadline is as before when this ends. `buffers`
/// are the connection's; `addresses` must live until the end.
task<dialled> dial(fiber& sleeper, wire_buffers& buffers,
                   std::vector<socket_address> const& addresses);

} // namespace vertex_relay::io
