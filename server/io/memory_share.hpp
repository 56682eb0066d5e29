#pragma once
// What one exchange holds of the memory that all of them share: `limits.buffered_bytes`.

#include <atomic>
#include <cstddef>
#include <utility>

namespace vertex_relay::io {

class memory_share {
public:
    /// Counts in `all`, which must outlive it; all shares together may hold `most` bytes.
    memory_share(std::atomic<std::size_t>& all, std::size_t most) : all_(all), most_(most) {}
    memory_share(memory_share const&) = delete;
    memory_share& operator=(memory_share const&) = delete;
    ~memory_share() { hold(0); }

    /// Holds `bytes` from now on, counted in any case. False: together that is too much.
    bool hold(std::size_t bytes) {
        if (bytes == held_) {
            return true;
        }
        auto more = bytes - std::exchange(held_, bytes); // wraps around when it is less
        return all_.fetch_add(more, std::memory_order_relaxed) + more <= most_;
    }

private:
    std::atomic<std::size_t>& all_;
    std::size_t most_;
    std::size_t held_ = 0;
};

} // namespace vertex_relay::io
