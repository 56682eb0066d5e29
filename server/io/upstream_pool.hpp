#pragma once
// Idle connections of one loop, newest first, so that warm ones stay warm and cold ones age out.

#include "io/connector.hpp"

#include <unordered_map>
#include <vector>

namespace vertex_relay::io {

struct pool_limits {
    clock::duration idle;       ///< an idle connection older than this is dropped
    std::size_t idle_max;       ///< over all hosts
    clock::duration connect;    ///< budget of resolve, connect and handshake together
};

class upstream_pool {
public:
    upstream_pool(connector& connects, event_loop& loop, pool_limits limits)
        : connector_(connects), loop_(loop), limits_(limits) {}

    /// An idle connection that shows no sign of having been closed, else a new one. Sets the
    /// sleeper's deadline to the connect budget. Failures: `core::connect_failure`.
    task<core::result<std::unique_ptr<connection>>>
    acquire(fiber& sleeper, core::upstream_host const& host, bool fresh_only = false);

    /// Gives back a connection whose last answer was read to its end.
    void release(std::unique_ptr<connection> line);

    /// Drops what is older than the limit or has been closed by the peer.
    void sweep();
    void clear() { hosts_.clear(); }
    std::size_t idle() const { return idle_; }

private:
    struct host_lines {
        std::vector<std::unique_ptr<connection>> idle; ///< oldest first
        ssl_session_ptr session;
    };
    std::unique_ptr<connection> take_idle(host_lines& lines);
    bool usable(connection& line) const;

    connector& connector_;
    event_loop& loop_;
    pool_limits limits_;
    std::unordered_map<core::upstream_host, host_lines, core::upstream_host_hash> hosts_;
    std::size_t idle_ = 0;
};

} // namespace vertex_relay::io
