#pragma once
// Which of several addresses to try, and when (Happy Eyeballs, RFC 8305): the resolver's order with
// the families taking turns, a new attempt every 250 ms or as soon as one has failed, the first
// connection wins.

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

namespace vertex_relay::core {

class connect_race {
public:
    using milliseconds = std::chrono::milliseconds; ///< since any fixed moment

    /// RFC 8305 section 5, "Connection Attempt Delay".
    static constexpr milliseconds attempt_delay{250};

    /// `is_v6` has one entry an address, in the resolver's order.
    explicit connect_race(std::vector<bool> const& is_v6);

    /// The address to try now, if it is time for one.
    std::optional<std::size_t> start(milliseconds now);
    /// When to ask again at the latest; nothing if no address is left.
    std::optional<milliseconds> next_start() const;

    /// An attempt failed: the next one need not wait.
    void failed();
    /// All have failed.
    bool lost() const { return failures_ == order_.size(); }

private:
    std::vector<std::size_t> order_;
    std::size_t started_ = 0;
    std::size_t failures_ = 0;
    milliseconds due_ = milliseconds::min();
};

} // namespace vertex_relay::core
