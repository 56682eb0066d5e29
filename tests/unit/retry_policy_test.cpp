// When a refused request is sent again, and where to: every decision as a row.

#include "core/retry_policy.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace vertex_relay::core;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr retry_rules usual{2, milliseconds(1000), milliseconds(10'000)};

failure refused(int status, seconds told = seconds(0)) {
    failure why{.status = status, .code = "refused", .message = "Google says no."};
    if (told.count() > 0) {
        why.retry = retry_advice::later;
        why.retry_after = told;
    }
    return why;
}

/// `wait 1000`, `next`, `stop`.
std::string text_of(retry_policy::step step) {
    switch (step.what) {
    case retry_policy::action::same_target: return "wait " + std::to_string(step.wait.count());
    case retry_policy::action::next_target: return "next";
    case retry_policy::action::give_up: return "stop";
    }
    return {};
}

/// What follows one refusal after the other when no try takes any time of its own.
std::vector<std::string> course(retry_policy policy, failure const& why, double random = 0) {
    std::vector<std::string> steps;
    milliseconds since{0};
    do {
        auto step = policy.after(why, since, random);
        since += step.wait;
        steps.push_back(text_of(step));
    } while (steps.back() != "stop" && steps.size() < 50);
    return steps;
}

using steps = std::vector<std::string>;

} // namespace

TEST_CASE("a refusal that may pass is tried again, further apart each time", "[retry]") {
    for (int status : {429, 503}) {
        CHECK(course({usual, 0}, refused(status)) == steps{"wait 1000", "wait 2000", "stop"});
    }
    CHECK(course({{4, milliseconds(100), milliseconds(10'000)}, 0}, refused(429)) ==
          steps{"wait 100", "wait 200", "wait 400", "wait 800", "stop"});
}

TEST_CASE("nothing else is tried again", "[retry]") {
    for (int status : {200, 301, 400, 401, 403, 404, 408, 409, 428, 430, 499, 500, 502, 504, 529}) {
        CAPTURE(status);
        CHECK(course({usual, 3}, refused(status)) == steps{"stop"});
        CHECK(course({usual, 3}, refused(status, seconds(1))) == steps{"stop"});
    }
}

TEST_CASE("fallbacks come after the retries, each once and at once", "[retry]") {
    CHECK(course({usual, 2}, refused(429)) ==
          steps{"wait 1000", "wait 2000", "next", "next", "stop"});
    retry_policy policy(usual, 1);
    CHECK(text_of(policy.after(refused(503), milliseconds(0), 0)) == "wait 1000");
    CHECK(text_of(policy.after(refused(429), milliseconds(1000), 0)) == "wait 2000");
    CHECK(text_of(policy.after(refused(503), milliseconds(3000), 0)) == "next");
    CHECK(text_of(policy.after(refused(500), milliseconds(3000), 0)) == "stop");
}

TEST_CASE("what Google asks for is obeyed if it fits", "[retry]") {
    CHECK(course({usual, 0}, refused(429, seconds(4))) == steps{"wait 4000", "wait 4000", "stop"});
    CHECK(course({usual, 0}, refused(429, seconds(6))) == steps{"wait 6000", "stop"});
    CHECK(course({usual, 0}, refused(429, seconds(13))) == steps{"stop"});
    CHECK(course({usual, 1}, refused(429, seconds(13))) == steps{"next", "stop"});
    // Never earlier than the backoff, whatever Google says.
    CHECK(course({usual, 0}, refused(503, seconds(1))) == steps{"wait 1000", "wait 2000", "stop"});
}

TEST_CASE("the budget ends the retries, not the fallbacks", "[retry]") {
    retry_rules tight{10, milliseconds(1000), milliseconds(4000)};
    CHECK(course({tight, 1}, refused(429)) == steps{"wait 1000", "wait 2000", "next", "stop"});
    retry_policy slow(usual, 1);
    CHECK(text_of(slow.after(refused(429), milliseconds(9'000), 0)) == "next");
    CHECK(course({{2, milliseconds(1000), milliseconds(0)}, 1}, refused(429)) ==
          steps{"next", "stop"});
    CHECK(course({{2, milliseconds(0), milliseconds(0)}, 0}, refused(429)) == steps{"stop"});
}

TEST_CASE("no retry means no fallback either", "[retry]") {
    CHECK(course({{0, milliseconds(1000), milliseconds(10'000)}, 3}, refused(429)) ==
          steps{"stop"});
}

TEST_CASE("jitter lengthens a wait by at most half, within the budget", "[retry]") {
    CHECK(course({usual, 0}, refused(429), 0.998) == steps{"wait 1499", "wait 2998", "stop"});
    CHECK(course({usual, 0}, refused(429), 0.5) == steps{"wait 1250", "wait 2500", "stop"});
    CHECK(course({usual, 0}, refused(429, seconds(9)), 0.999) == steps{"wait 10000", "stop"});
}

TEST_CASE("a huge setting overflows nothing", "[retry]") {
    retry_rules huge{100, milliseconds(3'600'000), milliseconds(std::int64_t{1} << 50)};
    auto all = course({huge, 0}, refused(429, seconds(4'000'000'000)), 0.999);
    for (auto const& step : all) {
        CHECK(step.find('-') == std::string::npos);
    }
}

TEST_CASE("the last word tells clients not to multiply the load", "[retry]") {
    retry_policy policy(usual, 0);
    auto untried = policy.last_word(refused(429, seconds(13)));
    CHECK(untried.retry == retry_advice::later);
    CHECK(untried.message == "Google says no.");

    policy.after(refused(429), milliseconds(0), 0);
    auto tried = policy.last_word(refused(429, seconds(13)));
    CHECK(tried.retry == retry_advice::never);
    CHECK(tried.retry_after == seconds(13));
    CHECK_THAT(tried.message, Catch::Contains("tried 2 times") && Catch::Contains("fallbacks"));
    CHECK(policy.last_word(refused(503)).retry == retry_advice::never);
    CHECK(policy.last_word(refused(500)).retry == retry_advice::unspecified);

    retry_policy moved({2, milliseconds(1000), milliseconds(0)}, 1);
    moved.after(refused(503), milliseconds(0), 0);
    auto all = moved.last_word(refused(503));
    CHECK(all.retry == retry_advice::never);
    CHECK_THAT(all.message, Catch::Contains("tried 2 times") && !Catch::Contains("fallbacks"));
}
