#pragma once
// One worker's way to Google: names, connections, and the hosts of own endpoints. Survives a reload
// unless that changes how Google is reached; what is under way then goes on in the old one.

#include "io/connector.hpp"
#include "io/endpoint_directory.hpp"
#include "io/service.hpp"
#include "io/upstream_pool.hpp"

namespace vertex_relay::io {

struct upstream_side {
    /// `loop` and `buffers` must outlive this.
    upstream_side(event_loop& loop, wire_buffers& buffers, service const& shared)
        : egress(shared.egress), names(loop, shared.settings.upstream.resolve),
          connects(loop, buffers, names, *egress),
          pool(connects, loop,
               {shared.settings.upstream.pool_idle_ms, shared.settings.upstream.pool_max_idle,
                shared.settings.upstream.connect_timeout_ms}),
          endpoints(pool, loop) {}
    upstream_side(upstream_side const&) = delete;
    upstream_side& operator=(upstream_side const&) = delete;

    std::shared_ptr<egress_settings> egress;
    resolver names;
    connector connects;
    upstream_pool pool;
    endpoint_directory endpoints;
};

/// Whether what was made for `before`, and the hosts it found, serve `after`.
inline bool goes_same_way(service const& before, service const& after) {
    auto const& a = before.settings.upstream;
    auto const& b = after.settings.upstream;
    return before.egress == after.egress && before.where.universe == after.where.universe &&
           a.endpoint == b.endpoint && a.resolve == b.resolve &&
           a.connect_timeout_ms == b.connect_timeout_ms && a.pool_idle_ms == b.pool_idle_ms &&
           a.pool_max_idle == b.pool_max_idle;
}

} // namespace vertex_relay::io
