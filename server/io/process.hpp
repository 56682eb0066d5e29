#pragma once
// What the process asks of the system once, at start.

namespace vertex_relay::io {

/// Ignores SIGPIPE, raises RLIMIT_NOFILE to its hard limit, keeps secrets out of core files and
/// returns big blocks of memory to the system when they are freed.
void prepare_process();

} // namespace vertex_relay::io
