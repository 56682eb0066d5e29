#pragma once
// When to refresh, what to send meanwhile, and what to say when there is nothing to send.
//
// It owns the current token; the io layer owns clocks, files and calls. Everything on one strand.
//
//     pump():      if (policy.files_due(now) && a watched file changed) policy.file_changed(now);
//                  plan = policy.poll(now);
//                  if (plan.start_refresh) launch refresh();          // at most one exists
//                  arm the timer for plan.wake_after  // up to 30 s, 1 s while something is wrong
//     refresh():   no credential yet, or its files changed? run `discovery`; then a `grant_chain`.
//                  Afterwards exactly one of policy.refresh_succeeded or policy.refresh_failed;
//                  wake waiters; pump().
//     request:     answer = policy.ask(now); if it has no token: pump(); answer = policy.ask(now);
//                  answer.token → send it. answer.wait → wait up to `request_wait` for a refresh to
//                  end, then ask again. Otherwise, and when the wait is over: answer.failure.
//     a 401:       policy.upstream_rejected(generation, now), then pump().
//
// A cancelled request never cancels the refresh. `jitter` is a fresh random number in [0, 1).

#include "core/google/access_token.hpp"
#include "core/google/credential.hpp"
#include "core/google/credential_failure.hpp"
#include "core/google/instant.hpp"
#include "core/google/retry_ladder.hpp"

#include <cstdint>
#include <memory>
#include <optional>

namespace vertex_relay::core::google {

/// Immutable once issued: publish the pointer to other threads freely.
struct issued_token {
    secret value;
    instant expires;              ///< on both clocks; counted from before the request was sent
    milliseconds lifetime{0};
    std::uint64_t generation = 0; ///< 1, 2, 3 …

    /// What is left on the clock that has less left; negative when over.
    milliseconds remaining(instant now) const;
    /// 30 s, or a quarter of a lifetime under two minutes: what must be left when it is sent.
    milliseconds safety_margin() const;
    /// For threads that only hold the pointer; when false, ask the policy.
    bool usable(instant now) const { return remaining(now) > safety_margin(); }
};

using token_pointer = std::shared_ptr<issued_token const>;

enum class token_state {
    fresh,    ///< nothing to do
    stale,    ///< in use while it is being renewed
    unusable, ///< none, or about to expire, or refused by Vertex: requests wait
    broken,   ///< unusable, and the user must act: requests fail at once
};

enum class token_renewal {
    ahead,   ///< 10 minutes before expiry: the server issues a new token whenever asked
    at_edge, ///< 225 s before: the metadata server repeats its token until about 300 s are left
};

/// `at_edge` for the metadata server's own token, `ahead` for all others.
token_renewal renewal_of(credential const& from);

inline constexpr milliseconds request_wait{10'000}; ///< how long a request waits for a token

class token_policy {
public:
    struct plan {
        token_state state = token_state::unusable;
        bool start_refresh = false; ///< true once; then not before the outcome was reported
        milliseconds wake_after{0}; ///< poll then: the files are due, or a refresh; at most 30 s,
                                    ///< because timers sleep with the machine
    };

    struct answer {
        token_pointer token = {};    ///< set: send it
        bool wait = false;           ///< a refresh may still deliver one
        core::failure failure = {};  ///< why there is none; set when `token` is not
    };

    enum class rejection {
        replay,  ///< the current token is newer, or was renewed for a 401 less than 30 s ago, and
                 ///< no refresh may be forced so soon: ask and send once more
        wait,    ///< one is being fetched: wait for it, then send once more if it is newer
        give_up, ///< a refresh for this very token brought no other less than 30 s ago
    };

    /// Time to compare the watched files (device, inode, size, mtime): every second while something
    /// is wrong, every 30 s otherwise; true once each time. Ask before `poll`.
    bool files_due(instant now);

    plan poll(instant now);
    answer ask(instant now);

    /// `renewal` belongs to the credential that was used. True if the token is a new one; false if
    /// it is the one we had (metadata server), which stays and is asked for again soon.
    bool refresh_succeeded(access_token token, token_renewal renewal, instant now, double jitter);

    /// Never takes away a token that Vertex still accepts: while refreshes fail it is used until a
    /// sixth of its safety margin is left.
    void refresh_failed(token_error error, instant now, double jitter);

    /// Vertex answered 401 to a request that carried this generation.
    rejection upstream_rejected(std::uint64_t generation, instant now);

    /// A watched file changed, or the operator asked for a reload: renew at once. The current token
    /// stays in use until the new one is there.
    void file_changed(instant now);

    token_state state(instant now) const;
    token_pointer const& current() const { return current_; }

    /// The last refresh's failure, until one succeeds.
    std::optional<token_error> const& last_error() const { return error_; }

private:
    bool in_use(instant now) const;
    milliseconds files_spacing(instant now) const;
    milliseconds renew_margin() const;
    milliseconds until_renewal(instant now) const;
    void adopt(access_token token, std::uint64_t generation, instant expires);
    void keep_repeated(instant now, double jitter);

    token_pointer current_;
    token_renewal renewal_ = token_renewal::ahead;
    double renewal_jitter_ = 0.0;
    std::optional<token_error> error_;
    retry_ladder ladder_;
    std::optional<instant> asked_at_;       ///< set while a refresh is out
    std::optional<milliseconds> last_try_;  ///< boot clock, start of the last refresh
    std::optional<milliseconds> last_forced_;
    std::uint64_t forced_for_ = 0; ///< the generation whose refusal forced that one
    std::optional<milliseconds> last_check_;
    bool forced_ = false;         ///< refresh whatever the state
    bool rejected_ = false;       ///< Vertex refused `current_`
    bool changed_ = false;        ///< files changed while a refresh was out: its failure is moot
    std::uint64_t generations_ = 0;
};

} // namespace vertex_relay::core::google
