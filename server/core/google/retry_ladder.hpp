#pragma once
// How long to wait after each failed refresh: grows, never ends, is shorter while requests wait.

#include "core/google/credential_failure.hpp"
#include "core/google/instant.hpp"

#include <cstddef>
#include <optional>

namespace vertex_relay::core::google {

/// Times are on the boot clock.
class retry_ladder {
public:
    /// Transient: 1, 2, 4, 8, 16, 30, 30 … s while a token is usable; 0.25, 0.5, 1, 2, 4, 5, 5 … s
    /// without one, 30 s after 2 minutes of that; +-20 %. Slow: 30 to 60 s. Permanent: 5 minutes.
    /// A server's `Retry-After` (at most 60 s) is a floor that even waiting requests respect.
    void failed(token_error const& error, bool token_usable, milliseconds now, double jitter);

    /// The same token came back: 2, 4, 8, 15, 15 … s.
    void repeated(milliseconds now);

    /// Forgets all failures; the next try may start at `next_try`.
    void reset(milliseconds next_try);

    /// A request waits: bring the next try forward, to 1 s after the last one (10 s if slow).
    /// A permanent failure is left alone.
    void hurry(failure_class kind, milliseconds last_try);

    milliseconds next_try() const { return next_try_; }

private:
    milliseconds next_try_{0};
    milliseconds floor_{0};
    std::optional<milliseconds> without_since_; ///< first failure without a usable token
    std::size_t step_ = 0;
    bool was_usable_ = false;
    bool repeating_ = false;
};

} // namespace vertex_relay::core::google
