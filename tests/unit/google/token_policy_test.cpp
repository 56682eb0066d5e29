#include "core/google/token_policy.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using namespace vertex_relay::core::google;

namespace {

/// A policy with a hand on its clocks. Nothing passes by itself.
struct bench {
    token_policy policy;
    instant now{milliseconds{1'000'000}, milliseconds{1'700'000'000'000}};
    token_renewal renewal = token_renewal::ahead;

    void pass(int seconds_passed) { now = now.after(seconds{seconds_passed}); }
    bool starts() { return policy.poll(now).start_refresh; }
    token_state state() const { return policy.state(now); }

    bool succeed(std::string value, int lifetime = 3600, double jitter = 0.0) {
        return policy.refresh_succeeded(
            {.value = secret(std::move(value)), .lifetime = seconds{lifetime}}, renewal, now,
            jitter);
    }
    void fail(failure_class kind) {
        auto failure = kind == failure_class::transient ? credentials_unavailable("passes")
                                                        : credentials_refused("revoked", "gone");
        policy.refresh_failed({.kind = kind, .failure = failure}, now, 0.5);
    }
    void begin(std::string value, int lifetime = 3600) {
        REQUIRE(starts());
        REQUIRE(succeed(std::move(value), lifetime));
    }
    std::string token() {
        auto answer = policy.ask(now);
        return answer.token ? std::string(answer.token->value.reveal()) : "";
    }
};

} // namespace

TEST_CASE("a token goes from none to fresh, stale and renewed", "[google][token_policy]") {
    bench b;
    CHECK(b.state() == token_state::unusable);
    auto none = b.policy.ask(b.now);
    CHECK(none.wait);
    CHECK(none.failure.status == 503);
    b.begin("one");
    CHECK(b.state() == token_state::fresh);
    CHECK(b.token() == "one");
    CHECK(b.policy.current()->generation == 1);
    b.pass(2999); // 601 s left
    CHECK_FALSE(b.starts());
    b.pass(1);
    CHECK(b.state() == token_state::stale);
    CHECK(b.token() == "one");
    CHECK(b.starts());
    CHECK(b.succeed("two"));
    CHECK(b.token() == "two");
    CHECK(b.policy.current()->generation == 2);
    CHECK(b.state() == token_state::fresh);
}

TEST_CASE("one refresh at a time", "[google][token_policy]") {
    bench b;
    CHECK(b.starts());
    for (int i = 0; i < 100; ++i) {
        CHECK_FALSE(b.starts());
        CHECK(b.policy.ask(b.now).wait);
        b.pass(1);
    }
    b.fail(failure_class::transient);
    b.pass(1);
    CHECK(b.starts());
}

TEST_CASE("expiry counts from before the request was sent", "[google][token_policy]") {
    bench b;
    REQUIRE(b.starts());
    b.pass(8); // a slow server
    REQUIRE(b.succeed("one", 100));
    CHECK(b.policy.current()->remaining(b.now) == seconds{92});
}

TEST_CASE("the jitter moves the renewal earlier by at most a part", "[google][token_policy]") {
    bench b;
    REQUIRE(b.starts());
    REQUIRE(b.succeed("one", 3600, 0.999999));
    b.pass(3029); // 571 s left
    CHECK_FALSE(b.starts());
    b.pass(1);
    CHECK(b.starts());
}

TEST_CASE("margins shrink with the lifetime", "[google][token_policy]") {
    bench b;
    b.begin("one", 8);
    CHECK(b.state() == token_state::fresh);
    b.pass(3);
    CHECK(b.state() == token_state::fresh);
    b.pass(1);
    CHECK(b.state() == token_state::stale);
    CHECK(b.token() == "one");
    b.pass(2);
    CHECK(b.token() == "");
    CHECK(b.policy.current()->safety_margin() == milliseconds{2'000});
}

TEST_CASE("tokens that live a second do not make a storm", "[google][token_policy]") {
    bench b;
    int calls = 0;
    for (int i = 0; i < 600; ++i) { // one minute in steps of 100 ms, each call takes one
        if (b.starts()) {
            ++calls;
            b.now = b.now.after(milliseconds{100});
            b.succeed("t" + std::to_string(calls), 1);
        }
        b.now = b.now.after(milliseconds{100});
    }
    CHECK(calls <= 61);
    CHECK(calls > 30);
}

TEST_CASE("a failed refresh never takes the token away", "[google][token_policy]") {
    auto kind = GENERATE(failure_class::transient, failure_class::slow, failure_class::permanent);
    bench b;
    b.begin("one");
    b.pass(3000);
    REQUIRE(b.starts());
    b.fail(kind);
    CHECK(b.state() == token_state::stale);
    CHECK(b.token() == "one");
    b.pass(590); // 10 s left: inside the safety margin, but nothing better has come
    CHECK(b.token() == "one");
    b.pass(6); // 4 s left
    CHECK(b.token() == "");
}

TEST_CASE("inside the safety margin requests wait while no refresh failed",
          "[google][token_policy]") {
    bench b;
    b.begin("one");
    b.pass(3575); // asleep until 25 s before expiry
    CHECK(b.state() == token_state::unusable);
    CHECK(b.starts());
    CHECK(b.policy.ask(b.now).wait);
    CHECK(b.succeed("two"));
    CHECK(b.token() == "two");
}

TEST_CASE("a permanent failure without a token fails requests at once", "[google][token_policy]") {
    auto kind = GENERATE(failure_class::slow, failure_class::permanent);
    bench b;
    REQUIRE(b.starts());
    b.fail(kind);
    CHECK(b.state() == token_state::broken);
    auto answer = b.policy.ask(b.now);
    CHECK_FALSE(answer.wait);
    CHECK(answer.failure.code == "google_credentials_revoked");
    CHECK(answer.failure.retry == retry_advice::never);
    CHECK_FALSE(b.starts());
    b.pass(301);
    CHECK(b.starts()); // even that is tried again
    CHECK(b.succeed("one"));
    CHECK(b.token() == "one");
    CHECK_FALSE(b.policy.last_error());
}

TEST_CASE("a changed file mends a permanent failure at once", "[google][token_policy]") {
    bench b;
    REQUIRE(b.starts());
    b.fail(failure_class::permanent);
    CHECK(b.policy.files_due(b.now));
    CHECK_FALSE(b.policy.files_due(b.now));
    b.pass(1);
    REQUIRE(b.policy.files_due(b.now));
    b.policy.file_changed(b.now);
    CHECK(b.policy.ask(b.now).wait);
    CHECK(b.starts());
    CHECK(b.succeed("one"));
    CHECK(b.token() == "one");
}

TEST_CASE("a changed file renews a good token and keeps it meanwhile", "[google][token_policy]") {
    bench b;
    b.begin("one");
    CHECK(b.policy.files_due(b.now));
    b.pass(29);
    CHECK_FALSE(b.policy.files_due(b.now));
    b.pass(1);
    CHECK(b.policy.files_due(b.now));
    b.policy.file_changed(b.now);
    CHECK(b.starts());
    CHECK(b.token() == "one");
    b.fail(failure_class::transient);
    CHECK(b.token() == "one");
    CHECK_FALSE(b.starts());
    b.pass(2);
    CHECK(b.starts()); // still owed, at the ladder's pace
    CHECK(b.succeed("two"));
    CHECK_FALSE(b.starts());
}

TEST_CASE("a file that changes during a refresh is asked with afterwards",
          "[google][token_policy]") {
    bench b;
    REQUIRE(b.starts());
    b.policy.file_changed(b.now);
    SECTION("the old file's failure is moot") {
        b.fail(failure_class::permanent);
        CHECK(b.state() == token_state::unusable);
        CHECK_FALSE(b.policy.last_error());
    }
    SECTION("the old file's token serves meanwhile") {
        b.succeed("one");
        CHECK(b.token() == "one");
    }
    CHECK(b.starts());
    CHECK(b.succeed("two"));
    CHECK_FALSE(b.starts());
}

TEST_CASE("a storm of 401 makes one refresh", "[google][token_policy]") {
    bench b;
    b.begin("one");
    b.pass(100);
    int refreshes = 0;
    for (int i = 0; i < 1000; ++i) {
        CHECK(b.policy.upstream_rejected(1, b.now) == token_policy::rejection::wait);
        refreshes += b.starts() ? 1 : 0;
        CHECK(b.token() == ""); // nobody else is sent into the wall
    }
    CHECK(refreshes == 1);
    REQUIRE(b.succeed("two"));
    for (int i = 0; i < 1000; ++i) {
        CHECK(b.policy.upstream_rejected(1, b.now) == token_policy::rejection::replay);
        CHECK(b.policy.upstream_rejected(2, b.now) == token_policy::rejection::replay);
        CHECK_FALSE(b.starts()); // a 401 for all of a project is no reason for a storm of refreshes
        CHECK(b.token() == "two");
    }
    b.pass(30);
    CHECK(b.policy.upstream_rejected(2, b.now) == token_policy::rejection::wait);
    CHECK(b.starts());
}

TEST_CASE("a 401 and an outage of the token server do not lose the token",
          "[google][token_policy]") {
    bench b;
    b.begin("one");
    CHECK(b.policy.upstream_rejected(1, b.now) == token_policy::rejection::wait);
    REQUIRE(b.starts());
    b.fail(failure_class::transient);
    CHECK(b.token() == "one");
    CHECK(b.policy.upstream_rejected(1, b.now) == token_policy::rejection::give_up);
    b.pass(2);
    CHECK(b.starts()); // the renewal is still owed
}

TEST_CASE("a 401 and a revoked login break for good", "[google][token_policy]") {
    bench b;
    b.begin("one");
    CHECK(b.policy.upstream_rejected(1, b.now) == token_policy::rejection::wait);
    REQUIRE(b.starts());
    b.fail(failure_class::permanent);
    CHECK(b.state() == token_state::broken);
    CHECK_FALSE(b.policy.ask(b.now).wait);
}

TEST_CASE("a 401 joins the refresh that is out", "[google][token_policy]") {
    bench b;
    b.begin("one");
    b.pass(3000);
    REQUIRE(b.starts());
    CHECK(b.policy.upstream_rejected(1, b.now) == token_policy::rejection::wait);
    CHECK_FALSE(b.starts());
    CHECK(b.succeed("two"));
    CHECK(b.token() == "two");
}

TEST_CASE("the metadata server may repeat itself", "[google][token_policy]") {
    bench b;
    b.renewal = token_renewal::at_edge;
    b.begin("one", 3600);
    b.pass(3374); // 226 s left
    CHECK_FALSE(b.starts());
    b.pass(1);
    REQUIRE(b.starts());
    CHECK_FALSE(b.succeed("one", 225));
    CHECK(b.token() == "one");
    CHECK(b.policy.current()->generation == 1);
    CHECK_FALSE(b.policy.last_error());
    CHECK_FALSE(b.starts());
    b.pass(2);
    REQUIRE(b.starts());
    CHECK(b.succeed("two", 3599));
    CHECK(b.state() == token_state::fresh);
}

TEST_CASE("a metadata server stuck on one token is asked rarely", "[google][token_policy]") {
    bench b;
    b.renewal = token_renewal::at_edge;
    b.begin("one", 300);
    int calls = 0;
    for (int left = 300; left > 10; --left) {
        if (b.starts()) {
            ++calls;
            CHECK_FALSE(b.succeed("one", left));
        }
        if (left > 30) {
            CHECK(b.token() == "one");
        }
        b.pass(1);
    }
    CHECK(calls <= 20);
    CHECK(calls >= 8);
}

TEST_CASE("a 401 that the same token cannot cure is passed on", "[google][token_policy]") {
    bench b;
    b.renewal = token_renewal::at_edge;
    b.begin("one", 3600);
    CHECK(b.policy.upstream_rejected(1, b.now) == token_policy::rejection::wait);
    REQUIRE(b.starts());
    CHECK_FALSE(b.succeed("one", 3600));
    CHECK(b.token() == "one"); // the generation did not change: no replay
    CHECK(b.policy.upstream_rejected(1, b.now) == token_policy::rejection::give_up);
    CHECK_FALSE(b.starts());
}

TEST_CASE("the same text with a later expiry counts as renewed", "[google][token_policy]") {
    bench b;
    b.begin("one", 600);
    b.pass(400);
    REQUIRE(b.starts());
    CHECK_FALSE(b.succeed("one", 600));
    CHECK(b.policy.current()->remaining(b.now) == seconds{600});
    CHECK(b.state() == token_state::fresh);
    CHECK(b.policy.current()->generation == 1);
}

TEST_CASE("either clock can end a token", "[google][token_policy]") {
    bench b;
    b.begin("one");
    b.pass(2);
    SECTION("suspended for two hours") {
        b.pass(7200);
        CHECK(b.token() == "");
        CHECK(b.starts());
    }
    SECTION("the wall clock jumps forward") {
        b.now.wall += seconds{7200};
        CHECK(b.token() == "");
        CHECK(b.starts());
    }
    SECTION("the wall clock is set back while the token runs out") {
        b.now.wall -= seconds{86400};
        CHECK(b.token() == "one");
        b.now.boot += seconds{3580};
        CHECK(b.token() == "");
        CHECK(b.starts());
    }
}

TEST_CASE("it wakes in time, and never sleeps longer than 30 s", "[google][token_policy]") {
    bench b;
    b.begin("one");
    CHECK(b.policy.poll(b.now).wake_after == milliseconds{30'000});
    b.pass(2990);
    CHECK(b.policy.poll(b.now).wake_after == milliseconds{10'000});
    b.pass(10);
    auto plan = b.policy.poll(b.now);
    CHECK(plan.start_refresh);
    CHECK(plan.wake_after == milliseconds{30'000});
    b.fail(failure_class::transient);
    CHECK(b.policy.poll(b.now).wake_after == milliseconds{1'000});
}

TEST_CASE("it wakes to look at the files, though nobody asks", "[google][token_policy]") {
    bench b;
    REQUIRE(b.starts());
    b.fail(failure_class::permanent); // its next try of its own is minutes away
    REQUIRE(b.policy.files_due(b.now));
    CHECK(b.policy.poll(b.now).wake_after == milliseconds{1'000});
    CHECK_FALSE(b.policy.files_due(b.now));
}

TEST_CASE("a waiting request brings the next try forward", "[google][token_policy]") {
    bench b;
    REQUIRE(b.starts());
    for (int i = 0; i < 40; ++i) { // into the 30 s steps
        b.fail(failure_class::transient);
        b.pass(30);
        REQUIRE(b.starts());
    }
    b.fail(failure_class::transient);
    b.pass(1);
    CHECK_FALSE(b.starts());
    b.policy.ask(b.now);
    CHECK(b.starts());
}
