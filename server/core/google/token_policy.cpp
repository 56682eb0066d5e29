#include "core/google/token_policy.hpp"

#include <algorithm>
#include <utility>

namespace vertex_relay::core::google {
namespace {

constexpr milliseconds safety_margin_max{30'000};
constexpr milliseconds renew_ahead{600'000};
constexpr milliseconds renew_at_edge{225'000}; // Google's own clients, against the server's cache
constexpr milliseconds same_expiry{5'000};     // rounding of `expires_in` and the call's duration
constexpr milliseconds too_late_to_repeat{10'000};
constexpr milliseconds forced_spacing{30'000};
constexpr milliseconds renewal_spacing{1'000}; // even if tokens live for seconds only
constexpr milliseconds files_idle{30'000};
constexpr milliseconds files_urgent{1'000};

} // namespace

token_renewal renewal_of(credential const& from) {
    bool of_machine = std::holds_alternative<metadata_server>(from.source);
    return of_machine && from.acts_as.empty() ? token_renewal::at_edge : token_renewal::ahead;
}

milliseconds issued_token::remaining(instant now) const {
    return std::min(expires.boot - now.boot, expires.wall - now.wall);
}

milliseconds issued_token::safety_margin() const {
    return std::min(safety_margin_max, lifetime / 4);
}

bool token_policy::in_use(instant now) const {
    if (!current_ || rejected_) {
        return false;
    }
    auto margin = current_->safety_margin();
    return current_->remaining(now) > (error_ ? margin / 6 : margin);
}

milliseconds token_policy::renew_margin() const {
    bool ahead = renewal_ == token_renewal::ahead;
    auto margin = std::min(ahead ? renew_ahead : renew_at_edge, current_->lifetime / 2);
    // 30 of 600 s, 15 of 225 s: many relays started together drift apart.
    auto spread = static_cast<double>(margin.count()) / (ahead ? 20.0 : 15.0);
    return margin - milliseconds{static_cast<milliseconds::rep>(spread * renewal_jitter_)};
}

milliseconds token_policy::until_renewal(instant now) const {
    bool fresh = !forced_ && in_use(now);
    auto until_stale = fresh ? current_->remaining(now) - renew_margin() : milliseconds{0};
    return std::max({until_stale, ladder_.next_try() - now.boot, milliseconds{0}});
}

token_state token_policy::state(instant now) const {
    if (in_use(now)) {
        bool fresh = !forced_ && current_->remaining(now) > renew_margin();
        return fresh ? token_state::fresh : token_state::stale;
    }
    bool user_must_act = error_ && error_->kind != failure_class::transient;
    return user_must_act ? token_state::broken : token_state::unusable;
}

milliseconds token_policy::files_spacing(instant now) const {
    return error_ || !in_use(now) ? files_urgent : files_idle;
}

bool token_policy::files_due(instant now) {
    if (last_check_ && now.boot - *last_check_ < files_spacing(now)) {
        return false;
    }
    last_check_ = now.boot;
    return true;
}

token_policy::plan token_policy::poll(instant now) {
    plan next{.state = state(now), .wake_after = files_spacing(now)};
    if (asked_at_) {
        return next;
    }
    auto wait = until_renewal(now);
    if (wait > milliseconds{0}) {
        next.wake_after = std::min(wait, next.wake_after);
        return next;
    }
    asked_at_ = now;
    last_try_ = now.boot;
    next.start_refresh = true;
    return next;
}

token_policy::answer token_policy::ask(instant now) {
    if (in_use(now)) {
        return {.token = current_};
    }
    if (!asked_at_ && last_try_) {
        ladder_.hurry(error_ ? error_->kind : failure_class::transient, *last_try_);
    }
    return {.wait = state(now) != token_state::broken,
            .failure = error_ ? error_->failure
                              : credentials_unavailable("No Google access token yet: the first "
                                                        "one is being fetched.")};
}

void token_policy::adopt(access_token token, std::uint64_t generation, instant expires) {
    current_ = std::make_shared<issued_token const>(
        issued_token{.value = std::move(token.value),
                     .expires = expires,
                     .lifetime = milliseconds{token.lifetime},
                     .generation = generation});
}

bool token_policy::refresh_succeeded(access_token token, token_renewal renewal, instant now,
                                     double jitter) {
    auto expires = std::exchange(asked_at_, std::nullopt).value_or(now).after(token.lifetime);
    bool same = current_ && same_secret(current_->value, token.value);
    bool extended = !current_ || expires.boot - current_->expires.boot > same_expiry;
    rejected_ = false;
    forced_ = std::exchange(changed_, false); // the token of the old file: ask with the new one
    if (same && !extended) {
        keep_repeated(now, jitter);
        return false;
    }
    error_.reset();
    renewal_ = renewal;
    renewal_jitter_ = jitter;
    if (!same) {
        ++generations_;
    }
    adopt(std::move(token), generations_, expires);
    ladder_.reset(forced_ ? milliseconds{0} : now.boot + renewal_spacing);
    return !same;
}

void token_policy::keep_repeated(instant now, double jitter) {
    if (current_->remaining(now) >= too_late_to_repeat) {
        error_.reset();
        ladder_.repeated(now.boot);
        return;
    }
    error_ = transient_error(credentials_unavailable(
        "The token server keeps answering with a token that is about to expire. The relay keeps "
        "trying."));
    ladder_.failed(*error_, in_use(now), now.boot, jitter);
}

void token_policy::refresh_failed(token_error error, instant now, double jitter) {
    asked_at_.reset();
    if (std::exchange(changed_, false)) {
        return; // it was about the old file; `forced_` starts the next one at once
    }
    if (error.kind != failure_class::permanent) {
        rejected_ = false; // the 401 may have been the passing fault; do not lose the token to it
    }
    error_ = std::move(error);
    ladder_.failed(*error_, in_use(now), now.boot, jitter);
}

token_policy::rejection token_policy::upstream_rejected(std::uint64_t generation, instant now) {
    if (!current_ || generation != current_->generation) {
        return rejection::replay;
    }
    if (asked_at_ || rejected_) {
        rejected_ = true;
        return rejection::wait;
    }
    if (last_forced_ && now.boot - *last_forced_ < forced_spacing) {
        return generation == forced_for_ ? rejection::give_up : rejection::replay;
    }
    last_forced_ = now.boot;
    forced_for_ = generation;
    forced_ = true;
    rejected_ = true;
    ladder_.reset(milliseconds{0});
    return rejection::wait;
}

void token_policy::file_changed(instant) {
    forced_ = true;
    changed_ = asked_at_.has_value();
    error_.reset();
    ladder_.reset(milliseconds{0});
}

} // namespace vertex_relay::core::google
