#pragma once
// The values one label may take. There is room for `Capacity` of them; all further ones are one,
// `other`, so that nobody makes a relay, or what scrapes it, hold series without end.

#include <array>
#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

namespace vertex_relay::core {

inline constexpr std::string_view other_value = "other";

template <std::size_t Capacity>
class label_values {
public:
    static constexpr std::size_t other = Capacity;

    label_values() = default;
    label_values(label_values const&) = delete;
    label_values& operator=(label_values const&) = delete;

    /// The number of a value, a new one if there is room and `may_add`; else `other`. On the one
    /// thread that writes; allocates for a new value only.
    std::size_t number_of(std::string_view value, bool may_add = true) {
        if (auto known = numbers_.find(value); known != numbers_.end()) {
            return known->second;
        }
        auto next = size_.load(std::memory_order_relaxed);
        if (!may_add || next == Capacity) {
            return other;
        }
        values_[next] = value;
        numbers_.emplace(values_[next], next);
        size_.store(next + 1, std::memory_order_release);
        return next;
    }

    /// Any thread; a value never changes once it is there.
    std::string_view at(std::size_t number) const {
        return number < size_.load(std::memory_order_acquire) ? std::string_view(values_[number])
                                                              : other_value;
    }

private:
    std::array<std::string, Capacity> values_;
    std::unordered_map<std::string_view, std::size_t> numbers_;
    std::atomic<std::size_t> size_ = 0;
};

} // namespace vertex_relay::core
