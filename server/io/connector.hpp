#pragma once
// Resolve, connect, handshake: one budget for all three, every address tried in turn.

#include "io/connection.hpp"
#include "io/resolver.hpp"
#include "io/tls_settings.hpp"

namespace vertex_relay::io {

class connector {
public:
    connector(event_loop& loop, wire_buffers& buffers, resolver& names, tls_settings& tls)
        : loop_(loop), buffers_(buffers), names_(names), tls_(tls) {}

    /// A connection ready for a request. Runs under the sleeper's deadline.
    /// Failures: 502 upstream_unreachable, 502 upstream_tls_failed, 504 upstream_connect_timeout.
    task<core::result<std::unique_ptr<connection>>>
    connect(fiber& sleeper, core::upstream_host const& host, tls_offer offer);

private:
    task<std::string> connect_socket(fiber& sleeper, connection& line,
                                     socket_address const& address);

    event_loop& loop_;
    wire_buffers& buffers_;
    resolver& names_;
    tls_settings& tls_;
};

} // namespace vertex_relay::io
