#pragma once
// A calendar of due times with 50 us slots. A coarser tick would make streams fire in bunches that
// a real upstream does not make.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace vertex_relay::bench {

template <class Entry> class wheel {
public:
    static constexpr std::int64_t slot_ns = 50'000;
    static constexpr std::size_t slots = 65536;
    /// The farthest an entry may lie ahead.
    static constexpr std::int64_t reach_ns = slot_ns * static_cast<std::int64_t>(slots - 2);

    explicit wheel(std::int64_t start_ns) : next_slot_(start_ns / slot_ns), slots_(slots) {}

    /// A time already past falls into the next slot to be taken.
    void add(std::int64_t due_ns, Entry entry) {
        const std::int64_t slot = std::max(due_ns / slot_ns, next_slot_);
        slots_[static_cast<std::size_t>(slot) % slots].push_back(std::move(entry));
        ++entries_;
    }

    /// Calls `fire` with each entry due at `now_ns`, in order of its slot. `fire` may add.
    template <class Fire> void take(std::int64_t now_ns, Fire fire) {
        std::vector<Entry> due;
        while (next_slot_ <= now_ns / slot_ns) {
            due.clear();
            due.swap(slots_[static_cast<std::size_t>(next_slot_) % slots]);
            ++next_slot_;
            entries_ -= due.size();
            for (Entry& entry : due) {
                fire(entry);
            }
        }
    }

    /// When the next entry is due; nothing when there is none.
    std::optional<std::int64_t> next_ns() const {
        if (entries_ == 0) {
            return std::nullopt;
        }
        std::int64_t slot = next_slot_;
        while (slots_[static_cast<std::size_t>(slot) % slots].empty()) {
            ++slot;
        }
        return slot * slot_ns;
    }

private:
    std::int64_t next_slot_;
    std::size_t entries_ = 0;
    std::vector<std::vector<Entry>> slots_;
};

} // namespace vertex_relay::bench
