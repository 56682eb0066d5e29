#pragma once
// One request with all its tries: the route's target, the same again while Vertex AI says 429 or
// 503 and `[retry]` allows it, then the route's fallbacks. Core decides; this sends, reads and
// waits. Nothing has reached the client yet, so nothing it saw is ever retried.

#include "core/retry_policy.hpp"
#include "io/vertex_call.hpp"

namespace vertex_relay::io {

class vertex_attempts {
public:
    /// `first` and what `body` refers to must outlive this.
    vertex_attempts(snapshot& now, fiber& sleeper, core::target const& first, chat_body body,
                    core::exchange_record& record);

    /// A 200, or why there is none: a failure of `vertex_call`, or Vertex AI's own refusal. Ends at
    /// once, also while it waits, when the fiber is cancelled.
    task<core::result<vertex_answer>> run();

    /// The target that was tried last.
    core::target const& where() const { return *where_; }
    /// What that one was sent in place of what the client wrote.
    core::body_changes& changes() { return changes_; }

private:
    task<core::failure> read_refusal(vertex_answer answer);
    core::retry_policy::step decide(core::failure const& why);
    task<bool> prepare(core::retry_policy::step next);
    void tell(core::failure const& why, core::retry_policy::step next) const;

    snapshot& now_;
    fiber& fiber_;
    core::target const* where_;
    std::span<core::target const> fallbacks_; ///< not tried yet
    chat_body body_;
    core::body_changes changes_;
    core::exchange_record& record_;
    core::retry_policy policy_;
    std::optional<time_point> refused_at_; ///< the first time
};

} // namespace vertex_relay::io
