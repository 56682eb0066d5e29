#pragma once
// From a host to a connection that is ready for a request: name, TCP, the proxy's tunnel if there
// is a proxy, TLS. One budget for all of it.

#include "core/egress/connect_error.hpp"
#include "io/connection.hpp"
#include "io/egress_settings.hpp"
#include "io/resolver.hpp"

#include <expected>
#include <memory>

namespace vertex_relay::io {

using connect_result = std::expected<std::unique_ptr<connection>, core::connect_error>;

struct connect_options {
    tls_offer offer = {};
    bool direct = false; ///< never through a proxy
};

class connector {
public:
    connector(event_loop& loop, wire_buffers& buffers, resolver& names, egress_settings& egress)
        : loop_(loop), buffers_(buffers), names_(names), egress_(egress) {}

    /// Runs under the sleeper's deadline. A proxy looks up the name itself; a host that
    /// `upstream.resolve` gives an address is connected to directly, there and nowhere else.
    task<connect_result> connect(fiber& sleeper, core::upstream_host const& host,
                                 connect_options how = {});

private:
    core::proxy const* proxy_for(core::upstream_host const& host, bool direct) const;
    task<connect_result> reach(fiber& sleeper, std::string const& name, std::uint16_t port,
                               wire_buffers& buffers);
    task<connect_result> reach_proxy(fiber& sleeper, core::proxy const& through);
    task<std::optional<core::connect_error>> secure(fiber& sleeper, connection& line,
                                                    tls_opening how);

    event_loop& loop_;
    wire_buffers& buffers_;
    resolver& names_;
    egress_settings& egress_;
};

} // namespace vertex_relay::io
