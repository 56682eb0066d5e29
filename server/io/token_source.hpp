#pragma once
// The access token of all loops: found, renewed ahead of time and replaced after a 401 by one fiber
// on one loop, read by everybody.
//
//     owning loop                                      any loop
//     fiber ── search files, metadata ─┐               current() ── a usable token, at once
//       ▲  └── grant, send, read ──────┤ publish ────► get()     ── else ask the fiber and wait
//       └── policy: when? ◄────────────┘ broadcast     replace() ── after a 401 of Vertex

#include "core/google/discovery.hpp"
#include "core/google/token_policy.hpp"
#include "io/broadcast.hpp"
#include "io/connector.hpp"
#include "io/system_clock.hpp"
#include "io/token_fetch.hpp"
#include "io/watched_files.hpp"

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <utility>

namespace vertex_relay::io {

enum class token_event : unsigned char {
    found,   ///< credentials were found or changed
    renewed, ///< a new token is in use
    failed,  ///< the search or a refresh failed; it is tried again
    resumed, ///< the machine had been suspended
};

struct token_settings {
    core::google::discovery_settings discovery = {};
    core::google::environment environment = {};
    core::google::instant started = system_instant(); ///< of the service
    instant_source now = system_instant;
    /// One line per outcome, without secrets, on the owning loop. May be empty.
    std::function<void(token_event, std::string)> log = {};
};

class token_source {
public:
    /// What is known once credentials are found. Immutable.
    struct identity {
        std::string quota_project_of_file; ///< empty: none
        std::string project;               ///< the credential file's; empty: none
        std::string universe;              ///< `googleapis.com` or another
        std::string account;               ///< e-mail, empty if unknown
        std::string description;           ///< `authorized_user from /path, account a@b`
        core::failure rejected;            ///< should Vertex refuse even a fresh token
    };
    using answer = core::result<core::google::token_pointer>;

    /// `owner` and `connects` (of the same loop) must outlive this. Nothing happens before `start`.
    token_source(event_loop& owner, connector& connects, token_settings settings);
    /// On the owning loop's thread, or when that loop no longer runs; it must still exist. Loops
    /// that asked must outlive the run of the owning loop.
    ~token_source();
    token_source(token_source const&) = delete;
    token_source& operator=(token_source const&) = delete;

    /// A usable token, at once if there is one; else waits for a refresh, at most `request_wait`
    /// and the sleeper's own deadline, which is as before when this ends. Any loop. Failures:
    /// 400 google_credentials_*, 503 google_credentials_unavailable. Ending the wait never ends the
    /// refresh.
    task<answer> get(fiber& sleeper);

    /// A usable token or null. Any thread; one short lock.
    core::google::token_pointer current() const;

    /// How long the token that `current` gives is valid; nullopt: there is none. Any thread.
    std::optional<core::google::milliseconds> remaining() const;

    /// Vertex answered 401 to a request with this generation: one forced refresh for all who say
    /// so, then the newer token. Fails with 400 google_credentials_rejected if a fresh one does not
    /// help, or as `get`. Any loop; waits as `get`.
    task<answer> replace(fiber& sleeper, std::uint64_t generation);

    /// For `/readyz`: nullopt when a usable token is there, else why not. Any thread.
    std::optional<core::failure> trouble() const;

    /// For a 401 of Vertex to the token that `replace` gave: 400 google_credentials_rejected. Any
    /// thread.
    core::failure rejected() const;

    /// Null until credentials are found. Any thread.
    std::shared_ptr<identity const> who() const;

    /// From any thread, once: begins the search and keeps a token fresh from then on.
    void start();
    /// From any thread, once: ends the fiber in a later turn of the loop, then calls `on_end`
    /// there. Waiters fail with 503.
    void stop(std::function<void()> on_end = [] {});
    /// On the owning loop: not started, or the fiber has ended.
    bool ended() const { return !running_; }
    /// From any thread: looks at the clocks and the files now, not at the next timer.
    void check();
    /// From any thread: searches and renews now (SIGHUP). The token stays in use meanwhile.
    void reload();

private:
    struct question;
    using question_pointer = std::shared_ptr<question>;
    using grant_outcome = std::expected<core::google::access_token, core::google::token_error>;

    // Any loop.
    task<answer> ask(fiber& sleeper, std::optional<std::uint64_t> rejected);
    task<bool> put(fiber& sleeper, question_pointer asked);
    task<bool> next_refresh(fiber& sleeper, std::uint64_t after);
    std::optional<answer> judge(question const& asked) const;
    bool is_stopped() const;
    void on_owner(std::function<void()> work);

    // Of the owning loop.
    void answer_question(question& asked);
    task<> run();
    void look_at_files();
    void notice_sleep(core::google::instant now);
    void pump();
    task<> refresh();
    task<grant_outcome> fetch();
    std::pair<token_event, std::string> take(grant_outcome outcome);
    void adopt(core::google::credential found);
    void publish();
    void report(token_event what, std::string line) const;
    double jitter();

    event_loop& loop_;
    connector& connects_;
    token_settings settings_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true); ///< watched by posted work

    core::google::token_policy policy_;
    core::google::token_policy::plan plan_;
    grant_state grants_;
    watched_files files_; ///< of the search; those of the grants are looked at when these fail
    bool search_needed_ = true;
    bool refresh_wanted_ = false;
    bool running_ = false;
    struct look {
        time_point steady;
        core::google::milliseconds boot;
    };
    std::optional<look> looked_at_; ///< the last time
    std::function<void()> on_end_;
    std::minstd_rand random_{std::random_device{}()};

    // Of everybody.
    struct published {
        core::google::token_pointer token;       ///< null when it must not be used
        core::google::milliseconds margin{0};    ///< what must be left of it
        core::failure failure;                   ///< why there is none, should there be none
        std::shared_ptr<identity const> who;
        std::uint64_t refreshes = 0; ///< ended so far
        bool stopped = false;
    };
    mutable std::mutex mutex_;
    published shared_;
    broadcast news_; ///< a refresh ended, or nothing more will come

    fiber fiber_; ///< last: its frames use what stands above
};

} // namespace vertex_relay::io
