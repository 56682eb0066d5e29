#include "io/watchdog.hpp"

#include "io/systemd.hpp"

namespace vertex_relay::io {

void watchdog::start(std::vector<event_loop*> loops) {
    if (every_ > clock::duration::zero()) {
        loops_ = std::move(loops);
        fiber_.start(ask_again_and_again(), [](std::exception_ptr) {});
    }
}

task<> watchdog::ask_again_and_again() {
    while (true) {
        if (unanswered_ == 0) {
            ask();
        }
        fiber_.expires_after(every_);
        co_await fiber_.sleep();
    }
}

void watchdog::ask() {
    unanswered_ = loops_.size();
    for (auto* loop : loops_) {
        loop->post([this] {
            control_.post([this] {
                if (--unanswered_ == 0) {
                    tells_.tell("WATCHDOG=1");
                }
            });
        });
    }
}

} // namespace vertex_relay::io
