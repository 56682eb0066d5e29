#include "core/retry_policy.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vertex_relay::core {

namespace {

using std::chrono::milliseconds;

bool passes(int status) { return status == 429 || status == 503; }

milliseconds lengthened(milliseconds wait, double random) {
    auto more = static_cast<double>(wait.count()) * random / 2;
    return wait + milliseconds(static_cast<milliseconds::rep>(more));
}

} // namespace

milliseconds retry_policy::next_wait(failure const& why) const {
    auto backoff = rules_.min_delay * (1U << std::min<std::size_t>(repeated_, 20));
    return std::max<milliseconds>(backoff, why.retry_after);
}

retry_policy::step retry_policy::after(failure const& why, milliseconds since_first,
                                       double random) {
    if (rules_.max == 0 || !passes(why.status)) {
        return {};
    }
    auto wait = next_wait(why);
    auto left = rules_.budget - since_first;
    if (moved_ == 0 && repeated_ < rules_.max && wait < left) {
        ++repeated_;
        return {action::same_target, std::min(lengthened(wait, random), left)};
    }
    if (moved_ < fallbacks_) {
        ++moved_;
        return {action::next_target};
    }
    return {};
}

failure retry_policy::last_word(failure why) const {
    auto tries = 1 + repeated_ + moved_;
    if (tries == 1 || !passes(why.status)) {
        return why;
    }
    why.retry = retry_advice::never;
    why.message += fmt::format(" The relay has tried {} times.", tries);
    if (fallbacks_ == 0) {
        why.message += " `fallbacks` of a route under [models] name other locations or models to "
                       "try.";
    }
    return why;
}

} // namespace vertex_relay::core
