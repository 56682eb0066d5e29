#pragma once
// The hosts of self-deployed endpoints: asked once of the endpoint resource, then remembered.

#include "core/secret.hpp"
#include "core/vertex/target.hpp"
#include "io/broadcast.hpp"
#include "io/upstream_pool.hpp"

#include <memory>
#include <unordered_map>

namespace vertex_relay::io {

class endpoint_directory {
public:
    endpoint_directory(upstream_pool& pool, event_loop& loop) : pool_(pool), loop_(loop) {}

    /// The host to call for `where`: the dedicated name if the resource has a trusted one, else the
    /// shared host. An account that may not read the resource gets the shared host. One question
    /// at a time for each endpoint; who comes meanwhile waits for its answer. Failures: those
    /// of the connector and `read_answer_start`, 503 endpoint_lookup_failed.
    task<core::result<core::upstream_host>> locate(fiber& sleeper, core::target const& where,
                                                   core::secret const& token);

private:
    using host_result = core::result<core::upstream_host>;
    struct entry {
        core::upstream_host host;
        time_point until;
    };
    struct question;
    class asking;
    task<host_result> ask(fiber& sleeper, core::target const& where, core::secret const& token);
    host_result conclude(core::target const& where, unsigned status, std::string const& resource);

    upstream_pool& pool_;
    event_loop& loop_;
    std::unordered_map<std::string, entry> known_; ///< by lookup path
    std::unordered_map<std::string, std::shared_ptr<question>> asked_; ///< likewise
    broadcast answered_; ///< a question is over
};

} // namespace vertex_relay::io
