#pragma once
// Lets systemd notice a loop that hangs: `WATCHDOG=1` is told when every loop has answered.

#include "io/event_loop.hpp"

#include <chrono>
#include <vector>

namespace vertex_relay::io {

class notifier;

class watchdog {
public:
    /// `longest_silence`: WATCHDOG_USEC; 0: nothing is told.
    watchdog(event_loop& control, notifier const& tells, std::chrono::microseconds longest_silence)
        : control_(control), tells_(tells), every_(longest_silence / 2), fiber_(control) {}

    /// On the control loop's thread. `loops` must outlive the control loop's run.
    void start(std::vector<event_loop*> loops);

private:
    task<> ask_again_and_again();
    void ask();

    event_loop& control_;
    notifier const& tells_;
    clock::duration every_;
    std::vector<event_loop*> loops_;
    std::size_t unanswered_ = 0;
    fiber fiber_;
};

} // namespace vertex_relay::io
