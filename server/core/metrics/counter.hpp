#pragma once
// A number that one thread counts up and any thread may read. A plain load and store: no locked
// instruction, and no cache line that two workers write.

#include <atomic>
#include <cstdint>

namespace vertex_relay::core {

class counter {
public:
    /// On the one thread that writes.
    void add(std::uint64_t amount = 1) {
        value_.store(value() + amount, std::memory_order_relaxed);
    }
    std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_ = 0;
};

} // namespace vertex_relay::core
