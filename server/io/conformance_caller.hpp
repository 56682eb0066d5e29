#pragma once
// Calls for `conformance`: past the relay with its token and TLS, and through a whole relay, a
// worker on a thread of its own, that is reached by a pair of sockets instead of a listener.

#include "core/conformance/observation.hpp"
#include "core/conformance/plan.hpp"
#include "io/snapshot.hpp"
#include "io/token_source.hpp"
#include "io/worker.hpp"

#include <memory>
#include <thread>

namespace vertex_relay::io {

class conformance_caller {
public:
    /// `loop` and `buffers` must outlive this, `shared` is what the relay serves by.
    conformance_caller(event_loop& loop, wire_buffers& buffers,
                       std::shared_ptr<service const> shared);
    ~conformance_caller();
    conformance_caller(conformance_caller const&) = delete;
    conformance_caller& operator=(conformance_caller const&) = delete;

    struct request {
        core::target const& where; ///< past the relay
        std::string path;          ///< likewise
        std::string body;
        core::secret const* token; ///< past the relay; null: the one of the service
        clock::duration limit;     ///< for all of it, a token included
    };

    /// On `loop`, one call at a time. Whatever happens becomes an answer, or why there is none.
    task<core::conformance::answer_seen> past(fiber& sleeper, request const& asked);
    task<core::conformance::answer_seen> through(fiber& sleeper, request const& asked);

private:
    task<core::conformance::answer_seen> converse(fiber& sleeper, connection& line,
                                                  std::span<std::string_view const> parts);
    std::string quota_project() const;

    event_loop& loop_;
    wire_buffers& buffers_;
    std::shared_ptr<service const> shared_;
    upstream_side side_;
    worker relay_;
    std::thread thread_;
};

} // namespace vertex_relay::io
