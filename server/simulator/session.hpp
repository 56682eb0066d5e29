#pragma once
// One connection: reads requests, asks the origin for a plan, carries the plan out.

#include "simulator/asio.hpp"
#include "simulator/origin.hpp"

namespace vertex_relay::simulator {

/// Serves one accepted TLS connection until either side closes it. Both objects must outlive the
/// io_context's run.
void spawn_tls_session(tcp::socket socket, net::ssl::context& tls, origin& world);

/// The same for a connection to the metadata server.
void spawn_metadata_session(tcp::socket socket, origin& world);

} // namespace vertex_relay::simulator
