// A day with the token policy: outages, suspends and clock steps, in simulated time.

#include "core/google/token_policy.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <vector>

using namespace vertex_relay::core;
using namespace vertex_relay::core::google;

namespace {

struct span {
    int from_s, to_s;
    bool covers(int at) const { return at >= from_s && at < to_s; }
};

/// A token server, a machine and a client that asks every second, all for 24 hours.
class day {
public:
    int lifetime_s = 3599;
    int call_ms = 300;
    token_renewal renewal = token_renewal::ahead;
    std::vector<span> outages;
    std::vector<span> suspends;                  ///< the process does not run, the clocks do
    std::vector<std::pair<int, int>> wall_steps; ///< at second, by seconds

    int calls = 0;
    int calls_in_a_minute_max = 0;
    int asked_without_token = 0;
    int asked_without_token_while_valid = 0;
    int longest_gap_s = 0;
    bool sent_expired = false;

    void run(unsigned seed) {
        random_.seed(seed);
        int gap = 0;
        for (second_ = 0; second_ < 86'400; ++second_) {
            step_wall();
            if (any(suspends)) {
                advance(milliseconds{1'000});
                continue;
            }
            pump();
            finish_call(milliseconds{call_ms});
            gap = ask() ? 0 : gap + 1;
            longest_gap_s = std::max(longest_gap_s, gap);
            advance(milliseconds{1'000 - in_second_});
        }
    }

private:
    bool any(std::vector<span> const& spans) const {
        return std::ranges::any_of(spans, [&](span s) { return s.covers(second_); });
    }

    void step_wall() {
        for (auto [at, by] : wall_steps) {
            now_.wall += at == second_ ? seconds{by} : seconds{0};
        }
    }

    void advance(milliseconds by) {
        now_ = now_.after(by);
        in_second_ += static_cast<int>(by.count());
        if (in_second_ >= 1'000) {
            in_second_ = 0;
        }
    }

    void pump() {
        if (policy_.poll(now_).start_refresh) {
            ++calls;
            starts_.push_back(second_);
            auto recent = std::ranges::count_if(starts_, [&](int s) { return s > second_ - 60; });
            calls_in_a_minute_max = std::max(calls_in_a_minute_max, static_cast<int>(recent));
            asked_at_ = now_;
            pending_ = true;
        }
    }

    void finish_call(milliseconds takes) {
        if (!pending_) {
            return;
        }
        pending_ = false;
        advance(takes);
        double jitter = std::uniform_real_distribution<double>(0.0, 1.0)(random_);
        if (any(outages)) {
            policy_.refresh_failed(transient_error(credentials_unavailable("down")), now_, jitter);
            return;
        }
        auto left = token_at_server();
        policy_.refresh_succeeded({.value = secret(value_), .lifetime = left}, renewal, now_,
                                  jitter);
    }

    /// The metadata server hands out its token until 300 s are left; others make a new one.
    seconds token_at_server() {
        auto left = std::chrono::duration_cast<seconds>(server_expiry_ - asked_at_.boot);
        if (renewal == token_renewal::ahead || left <= seconds{300}) {
            value_ = "token-" + std::to_string(calls);
            left = seconds{lifetime_s};
            server_expiry_ = asked_at_.boot + left;
        }
        return left;
    }

    bool ask() {
        auto answer = policy_.ask(now_);
        bool valid = server_expiry_ > now_.boot + seconds{5} && policy_.current() &&
                     policy_.current()->remaining(now_) > seconds{5};
        if (answer.token) {
            sent_expired = sent_expired || answer.token->remaining(now_) <= milliseconds{0} ||
                           answer.token->expires.boot <= now_.boot;
            return true;
        }
        ++asked_without_token;
        asked_without_token_while_valid += valid ? 1 : 0;
        return false;
    }

    token_policy policy_;
    instant now_{milliseconds{5'000}, milliseconds{1'767'323'045'000}};
    instant asked_at_;
    milliseconds server_expiry_{0};
    std::string value_;
    std::vector<int> starts_;
    std::mt19937 random_;
    int second_ = 0;
    int in_second_ = 0;
    bool pending_ = false;
};

} // namespace

TEST_CASE("a quiet day costs one call per renewal", "[google][token_policy][day]") {
    day quiet;
    quiet.run(1);
    CHECK(quiet.asked_without_token == 0);
    CHECK(quiet.calls >= 28);
    CHECK(quiet.calls <= 31);
    CHECK_FALSE(quiet.sent_expired);
}

TEST_CASE("a quiet day with the metadata server", "[google][token_policy][day]") {
    day quiet;
    quiet.renewal = token_renewal::at_edge;
    quiet.run(2);
    CHECK(quiet.asked_without_token == 0);
    CHECK(quiet.calls <= 28);
    CHECK_FALSE(quiet.sent_expired);
}

TEST_CASE("outages shorter than the renewal margin are not felt", "[google][token_policy][day]") {
    auto seed = GENERATE(range(1U, 21U));
    std::mt19937 random(seed);
    day bad;
    for (int at = 60; at < 85'000;) { // 9 minutes down, a minute to an hour up, all day
        bad.outages.push_back({at, at + 540});
        at += 540 + std::uniform_int_distribution<int>(60, 3600)(random);
    }
    bad.run(seed);
    CHECK(bad.asked_without_token == 0);
    CHECK_FALSE(bad.sent_expired);
    CHECK(bad.calls_in_a_minute_max <= 8);
}

TEST_CASE("a long outage is felt only after expiry, and ends at once",
          "[google][token_policy][day]") {
    day bad;
    bad.outages = {{10'000, 20'000}};
    bad.run(3);
    CHECK(bad.asked_without_token_while_valid == 0);
    CHECK(bad.longest_gap_s <= 10'000 - 595 + 5); // at least the renewal margin is bridged
    CHECK(bad.longest_gap_s >= 6'000);
    CHECK_FALSE(bad.sent_expired);
    CHECK(bad.calls_in_a_minute_max <= 60); // with a client asking every second
}

TEST_CASE("suspends and clock steps never let an expired token out",
          "[google][token_policy][day]") {
    auto seed = GENERATE(range(1U, 21U));
    std::mt19937 random(seed);
    auto between = [&](int a, int b) { return std::uniform_int_distribution<int>(a, b)(random); };
    day rough;
    for (int at = 500; at < 80'000;) {
        int asleep = between(1, 9'000);
        rough.suspends.push_back({at, at + asleep});
        at += asleep + between(60, 8'000);
    }
    for (int i = 0; i < 10; ++i) {
        rough.wall_steps.emplace_back(between(1'000, 86'000), between(-90'000, 90'000));
    }
    rough.run(seed);
    CHECK_FALSE(rough.sent_expired);
    CHECK(rough.asked_without_token == 0); // the refresh of the same second delivers
    CHECK(rough.calls_in_a_minute_max <= 3);
}

TEST_CASE("short-lived tokens are renewed all day without a gap", "[google][token_policy][day]") {
    auto lifetime = GENERATE(10, 30, 60, 120, 300);
    day brief;
    brief.lifetime_s = lifetime;
    brief.run(4);
    CHECK(brief.asked_without_token == 0);
    CHECK(brief.calls <= 86'400 / (lifetime / 2 - 1) + 2);
    CHECK_FALSE(brief.sent_expired);
}
