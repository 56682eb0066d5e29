#pragma once
// Where the meters of all workers hang. Joined at a worker's start, read at a scrape; in between
// nobody comes here.

#include "core/metrics/meters.hpp"

#include <memory>
#include <mutex>
#include <vector>

namespace vertex_relay::io {

class meter_board {
public:
    /// Meters for one worker. They stay when it goes, so that no sum ever falls.
    std::shared_ptr<core::meters> join() {
        auto fresh = std::make_shared<core::meters>();
        std::scoped_lock lock(mutex_);
        joined_.push_back(fresh);
        return fresh;
    }

    /// Any thread.
    core::metric_totals total() const {
        core::metric_totals all;
        std::scoped_lock lock(mutex_);
        for (auto const& one : joined_) {
            one->add_to(all);
        }
        return all;
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::shared_ptr<core::meters>> joined_;
};

} // namespace vertex_relay::io
