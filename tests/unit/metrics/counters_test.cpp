// What is counted in fixed space: buckets, values of labels, combinations of them.

#include "core/metrics/counter_table.hpp"
#include "core/metrics/histogram.hpp"
#include "core/metrics/label_values.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <memory>
#include <string>
#include <thread>

using namespace vertex_relay::core;

TEST_CASE("a value on a bound is in the bucket below it", "[metrics]") {
    histogram<token_bounds> counted;
    for (std::uint64_t value : {0U, 1U, 2U, 4U, 5U, 67'108'864U, 67'108'865U}) {
        counted.add(value);
    }
    histogram_total total;
    counted.add_to(total);
    REQUIRE(total.buckets.size() == token_bounds.size() + 1);
    CHECK(total.buckets[0] == 2); // 0 and 1
    CHECK(total.buckets[1] == 2); // 2 and 4
    CHECK(total.buckets[2] == 1); // 5
    CHECK(total.buckets[13] == 1);
    CHECK(total.buckets[14] == 1); // beyond all bounds
    CHECK(total.count() == 7);
    CHECK(total.sum == 0 + 1 + 2 + 4 + 5 + 67'108'864U + 67'108'865U);
}

TEST_CASE("bounds ascend", "[metrics]") {
    CHECK(std::ranges::is_sorted(request_duration_bounds));
    CHECK(std::ranges::is_sorted(first_token_bounds));
    CHECK(std::ranges::is_sorted(output_token_bounds));
    CHECK(std::ranges::is_sorted(token_bounds));
}

TEST_CASE("histograms of several workers add up", "[metrics]") {
    histogram<output_token_bounds> one;
    histogram<output_token_bounds> other;
    one.add(10'000);
    other.add(10'001);
    other.add(9'000'000);
    histogram_total total;
    one.add_to(total);
    other.add_to(total);
    CHECK(total.buckets[0] == 1);
    CHECK(total.buckets[1] == 1);
    CHECK(total.count() == 3);
    CHECK(total.sum == 9'020'001);
}

TEST_CASE("a label takes so many values, then all others are one", "[metrics]") {
    label_values<3> values;
    CHECK(values.at(0) == "other");
    CHECK(values.number_of("a") == 0);
    CHECK(values.number_of("b", false) == values.other);
    CHECK(values.number_of("b") == 1);
    CHECK(values.number_of("b", false) == 1);
    CHECK(values.number_of("") == 2);
    for (int i = 0; i < 1000; ++i) {
        CHECK(values.number_of("further " + std::to_string(i)) == values.other);
    }
    CHECK(values.number_of("a") == 0);
    CHECK(values.at(1) == "b");
    CHECK(values.at(2).empty());
    CHECK(values.at(values.other) == "other");
}

TEST_CASE("a table counts each key for itself until it is full", "[metrics]") {
    auto table = std::make_unique<counter_table>();
    std::map<std::uint64_t, std::uint64_t> expected;
    for (std::uint64_t i = 0; i < 2 * counter_table::keys_max; ++i) {
        for (std::uint64_t times = 0; times <= i % 3; ++times) {
            table->add(i << 32U);
            if (i < counter_table::keys_max) {
                ++expected[i << 32U];
            }
        }
    }
    table->add(0); // known, so it still has a place
    ++expected[0];
    std::map<std::uint64_t, std::uint64_t> counted;
    table->each([&](std::uint64_t key, std::uint64_t count) { counted[key] = count; });
    CHECK(counted == expected);
    CHECK(table->rest() == 2 * counter_table::keys_max);
}

TEST_CASE("a reader sees whole values while a worker counts", "[metrics]") {
    label_values<100> values;
    auto table = std::make_unique<counter_table>();
    std::jthread worker([&] {
        for (std::uint64_t i = 0; i < 100; ++i) {
            auto number = values.number_of("a value that is too long for its string " +
                                           std::to_string(i));
            for (int times = 0; times < 50; ++times) {
                table->add(number);
            }
        }
    });
    std::uint64_t seen = 0;
    while (seen < 100U * 50U) {
        std::uint64_t now = 0;
        table->each([&](std::uint64_t key, std::uint64_t count) {
            now += count;
            if (!values.at(key).ends_with(" " + std::to_string(key))) {
                FAIL("not the value of that number: " << values.at(key));
            }
        });
        if (now < seen) {
            FAIL("a counter fell");
        }
        seen = now;
    }
    CHECK(seen == 100U * 50U);
}
