#pragma once
// What the process asks of the system once, at start.

namespace vertex_relay::io {

/// Ignores SIGPIPE, raises RLIMIT_NOFILE to its hard limit, keeps secrets out of core files and
/// returns big blocks of memory to the system when they are freed.
void prepare_process();

/// Opens /dev/null in place of those of 0 to 2 that are closed: else a socket would get the number,
/// and a log line its bytes. Before anything else is opened.
void fill_standard_descriptors();

} // namespace vertex_relay::io
