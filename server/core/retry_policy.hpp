#pragma once
// Whether a request that Vertex AI refused with 429 or 503 is sent again, when, and where to.
//
//     refused ── tries left, the wait fits the budget ──► the same target, after a wait
//        ├────── the route has another fallback ────────► the next target, at once
//        └────── else ──────────────────────────────────► give up
//
// Google advises at most two retries, at least a second apart and further apart each time
// ("Error code 429", Vertex AI documentation). Another location or model has a quota of its own and
// need not be waited for.

#include "core/failure.hpp"

#include <chrono>
#include <cstddef>

namespace vertex_relay::core {

struct retry_rules {
    std::size_t max = 0; ///< further tries of the first target; 0: nothing is tried again anywhere
    std::chrono::milliseconds min_delay{0}; ///< before the first of them; it doubles
    std::chrono::milliseconds budget{0};    ///< the last of them begins within it
};

class retry_policy {
public:
    /// `fallbacks` is how many targets come after the first.
    retry_policy(retry_rules rules, std::size_t fallbacks)
        : rules_(rules), fallbacks_(fallbacks) {}

    enum class action : unsigned char { give_up, same_target, next_target };
    struct step {
        action what = action::give_up;
        std::chrono::milliseconds wait{0}; ///< before `same_target`
    };

    /// What follows a try that Vertex AI answered with `why`, `since_first` after the first
    /// refusal. A wait is at least the backoff and what Google asked for, and up to half as long
    /// again, by `random` in [0, 1): many refused at once should not come back at once.
    step after(failure const& why, std::chrono::milliseconds since_first, double random);

    /// The failure for the client once nothing is left to try. A client that tried again on top of
    /// that would multiply the load: it is told not to.
    failure last_word(failure why) const;

private:
    std::chrono::milliseconds next_wait(failure const& why) const;

    retry_rules rules_;
    std::size_t fallbacks_;
    std::size_t repeated_ = 0; ///< tries of the first target beyond its first
    std::size_t moved_ = 0;    ///< fallbacks taken
};

} // namespace vertex_relay::core
