#pragma once
// One moment on two clocks. Expiry is judged on both: the boot clock cannot be set, the wall clock
// shows what the boot clock cannot (a restored snapshot of a machine).

#include <chrono>

namespace vertex_relay::core::google {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct instant {
    milliseconds boot{0}; ///< CLOCK_BOOTTIME: never steps, runs on while the machine is suspended
    milliseconds wall{0}; ///< CLOCK_REALTIME: since 1970-01-01T00:00:00Z

    instant after(milliseconds span) const { return {boot + span, wall + span}; }
};

} // namespace vertex_relay::core::google
