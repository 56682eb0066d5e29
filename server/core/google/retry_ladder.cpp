#include "core/google/retry_ladder.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace vertex_relay::core::google {
namespace {

constexpr std::array while_usable = {milliseconds{1'000},  milliseconds{2'000},
                                     milliseconds{4'000},  milliseconds{8'000},
                                     milliseconds{16'000}, milliseconds{30'000}};
constexpr std::array while_waited_for = {milliseconds{250},   milliseconds{500},
                                         milliseconds{1'000}, milliseconds{2'000},
                                         milliseconds{4'000}, milliseconds{5'000}};
constexpr std::array while_repeated = {milliseconds{2'000}, milliseconds{4'000},
                                       milliseconds{8'000}, milliseconds{15'000}};
constexpr milliseconds long_outage{120'000};
constexpr milliseconds long_outage_step{30'000};
constexpr milliseconds permanent_step{300'000};
constexpr milliseconds slow_step{30'000};
constexpr milliseconds hurry_transient{1'000};
constexpr milliseconds hurry_slow{10'000};
constexpr milliseconds retry_after_max{60'000};

template <class Steps>
milliseconds rung(Steps const& steps, std::size_t at) {
    return steps[std::min(at, std::size(steps) - 1)];
}

milliseconds scaled(milliseconds span, double factor) {
    return milliseconds{
        static_cast<milliseconds::rep>(static_cast<double>(span.count()) * factor)};
}

} // namespace

void retry_ladder::failed(token_error const& error, bool token_usable, milliseconds now,
                          double jitter) {
    if (repeating_ || token_usable != was_usable_) {
        step_ = 0; // another ladder
    }
    repeating_ = false;
    was_usable_ = token_usable;
    if (token_usable) {
        without_since_.reset();
    } else if (!without_since_) {
        without_since_ = now;
    }
    milliseconds wait{};
    if (error.kind == failure_class::permanent) {
        wait = permanent_step;
    } else if (error.kind == failure_class::slow) {
        wait = scaled(slow_step, 1.0 + jitter);
    } else if (error.clock_skew && step_ == 0) {
        ++step_; // no wait: the next assertion carries the corrected time
    } else {
        bool long_since = without_since_ && now - *without_since_ >= long_outage;
        auto base = token_usable ? rung(while_usable, step_)
                    : long_since ? long_outage_step
                                 : rung(while_waited_for, step_);
        wait = scaled(base, 0.8 + 0.4 * jitter);
        ++step_;
    }
    floor_ = now;
    if (error.retry_after) {
        floor_ += std::min(milliseconds{*error.retry_after}, retry_after_max);
    }
    next_try_ = std::max(now + wait, floor_);
}

void retry_ladder::repeated(milliseconds now) {
    if (!repeating_) {
        step_ = 0;
    }
    repeating_ = true;
    without_since_.reset();
    floor_ = now;
    next_try_ = now + rung(while_repeated, step_);
    ++step_;
}

void retry_ladder::reset(milliseconds next_try) {
    *this = {};
    next_try_ = next_try;
}

void retry_ladder::hurry(failure_class kind, milliseconds last_try) {
    if (kind == failure_class::permanent) {
        return;
    }
    auto earliest = last_try + (kind == failure_class::slow ? hurry_slow : hurry_transient);
    next_try_ = std::min(next_try_, std::max(earliest, floor_));
}

} // namespace vertex_relay::core::google
