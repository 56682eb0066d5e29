#include "core/egress/connect_race.hpp"

#include <algorithm>

namespace vertex_relay::core {

/// RFC 8305 section 4: one of the preferred family, then one of the other, and so on.
connect_race::connect_race(std::vector<bool> const& is_v6) {
    std::vector<std::size_t> preferred;
    std::vector<std::size_t> others;
    for (std::size_t i = 0; i < is_v6.size(); ++i) {
        (is_v6[i] == is_v6.front() ? preferred : others).push_back(i);
    }
    for (std::size_t i = 0; i < std::max(preferred.size(), others.size()); ++i) {
        for (auto const* family : {&preferred, &others}) {
            if (i < family->size()) {
                order_.push_back((*family)[i]);
            }
        }
    }
}

std::optional<std::size_t> connect_race::start(milliseconds now) {
    if (started_ == order_.size() || now < due_) {
        return std::nullopt;
    }
    due_ = now + attempt_delay;
    return order_[started_++];
}

std::optional<connect_race::milliseconds> connect_race::next_start() const {
    return started_ < order_.size() ? std::optional(due_) : std::nullopt;
}

void connect_race::failed() {
    ++failures_;
    due_ = milliseconds::min();
}

} // namespace vertex_relay::core
