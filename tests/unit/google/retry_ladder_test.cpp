#include "core/google/retry_ladder.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core::google;

namespace {

constexpr double centre = 0.5; // no jitter: 0.8 + 0.4 * 0.5 = 1

token_error error_of(failure_class kind) { return {.kind = kind}; }

/// Milliseconds between tries when each fails at once.
std::vector<int> waits(std::size_t count, bool usable, double jitter = centre) {
    retry_ladder ladder;
    milliseconds now{1'000'000};
    std::vector<int> out;
    while (out.size() < count) {
        ladder.failed(error_of(failure_class::transient), usable, now, jitter);
        out.push_back(static_cast<int>((ladder.next_try() - now).count()));
        now = ladder.next_try();
    }
    return out;
}

} // namespace

TEST_CASE("the ladder climbs slowly with a token and fast without", "[google][retry_ladder]") {
    CHECK(waits(8, true) ==
          std::vector<int>{1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000});
    CHECK(waits(8, false) == std::vector<int>{250, 500, 1000, 2000, 4000, 5000, 5000, 5000});
    CHECK(waits(1, true, 0.0) == std::vector<int>{800});
    CHECK(waits(1, true, 1.0) == std::vector<int>{1200});
}

TEST_CASE("after two minutes without a token it waits longer", "[google][retry_ladder]") {
    auto steps = waits(40, false);
    CHECK(steps.back() == 30000);
    int total = 0;
    for (int step : steps) {
        if (step == 30000) {
            break;
        }
        total += step;
    }
    CHECK(total >= 120'000);
    CHECK(total <= 125'000);
}

TEST_CASE("kinds have their own pace", "[google][retry_ladder]") {
    retry_ladder ladder;
    milliseconds now{500};
    ladder.failed(error_of(failure_class::permanent), false, now, centre);
    CHECK(ladder.next_try() == now + milliseconds{300'000});
    ladder.failed(error_of(failure_class::slow), false, now, 0.0);
    CHECK(ladder.next_try() == now + milliseconds{30'000});
    ladder.failed(error_of(failure_class::slow), false, now, 1.0);
    CHECK(ladder.next_try() == now + milliseconds{60'000});
    ladder.reset(milliseconds{7});
    CHECK(ladder.next_try() == milliseconds{7});
}

TEST_CASE("a corrected clock is tried at once, but not for ever", "[google][retry_ladder]") {
    retry_ladder ladder;
    token_error skewed{.kind = failure_class::transient, .clock_skew = true};
    milliseconds now{500};
    ladder.failed(skewed, false, now, centre);
    CHECK(ladder.next_try() == now);
    ladder.failed(skewed, false, now, centre);
    CHECK(ladder.next_try() > now);
}

TEST_CASE("the same token again is asked for ever more slowly", "[google][retry_ladder]") {
    retry_ladder ladder;
    milliseconds now{0};
    for (int expected : {2000, 4000, 8000, 15000, 15000}) {
        ladder.repeated(now);
        CHECK(ladder.next_try() - now == milliseconds{expected});
        now = ladder.next_try();
    }
    ladder.failed(error_of(failure_class::transient), true, now, centre);
    CHECK(ladder.next_try() - now == milliseconds{1000});
}

TEST_CASE("waiting requests hurry, Retry-After does not yield", "[google][retry_ladder]") {
    retry_ladder ladder;
    milliseconds now{100'000};
    for (int i = 0; i < 6; ++i) {
        ladder.failed(error_of(failure_class::transient), false, now, centre);
    }
    CHECK(ladder.next_try() == now + milliseconds{5'000});
    ladder.hurry(failure_class::transient, now);
    CHECK(ladder.next_try() == now + milliseconds{1'000});

    token_error told{.kind = failure_class::transient, .retry_after = seconds{9}};
    ladder.failed(told, false, now, centre);
    ladder.hurry(failure_class::transient, now);
    CHECK(ladder.next_try() == now + milliseconds{9'000});

    ladder.failed(error_of(failure_class::slow), false, now, centre);
    ladder.hurry(failure_class::slow, now);
    CHECK(ladder.next_try() == now + milliseconds{10'000});
    ladder.failed(error_of(failure_class::permanent), false, now, centre);
    ladder.hurry(failure_class::permanent, now);
    CHECK(ladder.next_try() == now + milliseconds{300'000});
}
