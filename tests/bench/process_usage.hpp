#pragma once
// What a proxy's processes have used, read from /proc. Several processes are summed.

#include <cstdint>
#include <vector>

#include <sys/types.h>

namespace vertex_relay::bench {

using process_ids = std::vector<pid_t>;

/// CPU time of all threads: the first figure of /proc/PID/task/TID/schedstat. It is exact, where
/// the user and system times of /proc/PID/stat are sampled.
std::int64_t cpu_ns(const process_ids& processes);

/// Resident memory by smaps_rollup, which is exact; VmRSS lags behind by per-thread counters.
std::int64_t resident_kb(const process_ids& processes);

/// The highest resident memory so far (VmHWM).
std::int64_t resident_peak_kb(const process_ids& processes);

} // namespace vertex_relay::bench
