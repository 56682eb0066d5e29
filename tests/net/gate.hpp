#pragma once
// A barrier between a script and its test: opened once, then everybody passes.

#include "net/loop_thread.hpp"

#include <condition_variable>
#include <mutex>

namespace vertex_relay::tests {

class gate {
public:
    void open() {
        std::scoped_lock lock(mutex_);
        open_ = true;
        opened_.notify_all();
    }
    /// False after `patience`.
    bool wait() {
        std::unique_lock lock(mutex_);
        return opened_.wait_for(lock, patience, [this] { return open_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable opened_;
    bool open_ = false;
};

} // namespace vertex_relay::tests
