#include "io/system_clock.hpp"

#include <ctime>

namespace vertex_relay::io {

namespace {

core::google::milliseconds read_clock(clockid_t which) {
    timespec now{};
    ::clock_gettime(which, &now); // cannot fail for these two
    return std::chrono::duration_cast<core::google::milliseconds>(
        std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec));
}

} // namespace

core::google::instant system_instant() {
    return {.boot = read_clock(CLOCK_BOOTTIME), .wall = read_clock(CLOCK_REALTIME)};
}

} // namespace vertex_relay::io
