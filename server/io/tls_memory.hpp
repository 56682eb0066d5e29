#pragma once
// Where OpenSSL's record buffers come from.
//
// A connection that rests gives its two buffers back (16.7 kB each), or a thousand open streams
// would cost 34 MB. So each answer takes both anew, and blocks of that size are what malloc is
// slowest at: it merges its small free ones first.

namespace vertex_relay::io {

/// Keeps a few of those blocks on each thread for the next connection. Before anything else of
/// OpenSSL; later it has no effect (CRYPTO_set_mem_functions(3)).
void keep_record_buffers();

} // namespace vertex_relay::io
