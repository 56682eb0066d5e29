#pragma once
// The hosts of self-deployed endpoints: asked once of the endpoint resource, then remembered.

#include "core/secret.hpp"
#include "core/vertex/target.hpp"
#include "io/upstream_pool.hpp"

#include <unordered_map>

namespace vertex_relay::io {

class endpoint_directory {
public:
    endpoint_directory(upstream_pool& pool, event_loop& loop) : pool_(pool), loop_(loop) {}

    /// The host to call for `where`: the dedicated name if the resource has a trusted one, else the
    /// shared host. An account that may not read the resource gets the shared host. Failures: the
    /// connector's, 502 upstream_protocol_error, 503 endpoint_lookup_failed.
    task<core::result<core::upstream_host>> locate(fiber& sleeper, core::target const& where,
                                                   core::secret const& token);

private:
    struct entry {
        core::upstream_host host;
        time_point until;
    };
    task<core::result<core::upstream_host>> ask(fiber& sleeper, core::target const& where,
                                                core::secret const& token);

    upstream_pool& pool_;
    event_loop& loop_;
    std::unordered_map<std::string, entry> known_; ///< by lookup path
};

} // namespace vertex_relay::io
