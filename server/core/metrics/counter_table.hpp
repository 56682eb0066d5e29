#pragma once
// Counters by a key, in a table of fixed size: the combinations of labels that did occur. One
// thread counts, any may read.

#include "core/metrics/counter.hpp"

#include <array>

namespace vertex_relay::core {

class counter_table {
public:
    static constexpr std::size_t keys_max = 768;

    /// `key` is below 2^63. On the one thread that writes. Once there are `keys_max` keys, further
    /// ones are counted together.
    void add(std::uint64_t key) {
        constexpr std::uint64_t spread = 0x9e3779b97f4a7c15U;
        for (auto at = (key * spread) >> 54U;; at = (at + 1) % cells_.size()) {
            auto& cell = cells_[at];
            auto held = cell.key.load(std::memory_order_relaxed);
            if (held == 0 && used_ == keys_max) {
                rest_.add();
                return;
            }
            if (held == 0) {
                ++used_;
                cell.key.store(key | taken, std::memory_order_release);
            }
            if (held == 0 || held == (key | taken)) {
                cell.count.add();
                return;
            }
        }
    }

    /// Calls `visit(key, count)` for each key. Any thread.
    template <class Visit>
    void each(Visit&& visit) const {
        for (auto const& cell : cells_) {
            if (auto key = cell.key.load(std::memory_order_acquire); key != 0) {
                visit(key & ~taken, cell.count.value());
            }
        }
    }

    /// What was counted without a key of its own.
    std::uint64_t rest() const { return rest_.value(); }

private:
    static constexpr std::uint64_t taken = 1ULL << 63U;
    struct cell {
        std::atomic<std::uint64_t> key = 0; ///< 0: free
        counter count;
    };
    std::array<cell, 1024> cells_; ///< 2^10: the top ten bits of a spread key name one
    counter rest_;
    std::size_t used_ = 0;
};

} // namespace vertex_relay::core
