#pragma once
// How often a value fell into which bucket, in whole units: microseconds or tokens. One thread
// counts, any may read. The buckets are those of the OpenTelemetry conventions for generative AI
// (semantic-conventions, gen-ai/gen-ai-metrics.md).

#include "core/metrics/counter.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

namespace vertex_relay::core {

/// `gen_ai.server.request.duration`, microseconds.
inline constexpr std::array<std::uint64_t, 14> request_duration_bounds{
    10'000,    20'000,    40'000,    80'000,     160'000,    320'000,    640'000,
    1'280'000, 2'560'000, 5'120'000, 10'240'000, 20'480'000, 40'960'000, 81'920'000};
/// `gen_ai.server.time_to_first_token`, microseconds.
inline constexpr std::array<std::uint64_t, 16> first_token_bounds{
    1'000,   5'000,   10'000,  20'000,    40'000,    60'000,    80'000,    100'000,
    250'000, 500'000, 750'000, 1'000'000, 2'500'000, 5'000'000, 7'500'000, 10'000'000};
/// `gen_ai.server.time_per_output_token`, microseconds.
inline constexpr std::array<std::uint64_t, 13> output_token_bounds{
    10'000,  25'000,  50'000,  75'000,  100'000,   150'000,  200'000,
    300'000, 400'000, 500'000, 750'000, 1'000'000, 2'500'000};
/// `gen_ai.client.token.usage`, tokens.
inline constexpr std::array<std::uint64_t, 14> token_bounds{
    1,      4,      16,        64,        256,        1'024,      4'096,
    16'384, 65'536, 262'144, 1'048'576, 4'194'304, 16'777'216, 67'108'864};

/// What several histograms with the same bounds have counted together.
struct histogram_total {
    std::vector<std::uint64_t> buckets; ///< each for itself; the last is beyond all bounds
    std::uint64_t sum = 0;

    std::uint64_t count() const {
        std::uint64_t all = 0;
        for (auto one : buckets) {
            all += one;
        }
        return all;
    }
};

template <auto const& Bounds>
class histogram {
public:
    /// On the one thread that writes. A value on a bound belongs below it, as `le` says.
    void add(std::uint64_t value) {
        auto at = std::ranges::lower_bound(Bounds, value) - Bounds.begin();
        buckets_[static_cast<std::size_t>(at)].add();
        sum_.add(value);
    }

    void add_to(histogram_total& total) const {
        total.buckets.resize(buckets_.size());
        for (std::size_t i = 0; i < buckets_.size(); ++i) {
            total.buckets[i] += buckets_[i].value();
        }
        total.sum += sum_.value();
    }

private:
    std::array<counter, Bounds.size() + 1> buckets_;
    counter sum_;
};

} // namespace vertex_relay::core
