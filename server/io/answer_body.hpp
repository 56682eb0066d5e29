#pragma once
// Reading a whole upstream answer into memory, up to a limit.

#include "core/http/body_decoder.hpp"
#include "io/connection.hpp"
#include "io/memory_share.hpp"

#include <string>

namespace vertex_relay::io {

/// The head of an answer and the first bytes behind it. `rest` lies in the loop's buffer: it is
/// gone after the next wait.
struct answer_start {
    core::response_head head; ///< its views point into `head_bytes`
    std::unique_ptr<std::string> head_bytes;
    std::span<char> rest;
};

/// Reads until the head is complete, skipping at most 8 interim (1xx) heads. Runs under the
/// sleeper's deadline. Failures: 502 upstream_reset (nothing or half a head), 502
/// upstream_protocol_error, 504 upstream_timeout.
task<core::result<answer_start>> read_answer_start(fiber& sleeper, connection& line);

/// How much of an answer may be in memory: `own` bytes in any case, `most` while all that share
/// the memory leave room for them.
struct answer_room {
    std::size_t own;
    std::size_t most = own;
    memory_share* share = nullptr; ///< unless `most` is `own`

    bool fits(std::size_t bytes) const {
        return bytes <= own || (bytes <= most && share->hold(bytes));
    }
};

struct answer_body {
    core::body_decoder decoder; ///< at the end of `text`, to go on from there
    std::string text;           ///< the payload, or its start
    bool complete = false;      ///< read to its end by its own framing
    bool overflows = false;     ///< it found no more room: the rest is unread
};

/// Reads the body behind `start` until it is complete or finds no `room` any more. Runs under the
/// sleeper's deadline.
task<answer_body> read_answer_body(fiber& sleeper, connection& line, answer_start const& start,
                                   answer_room room);

} // namespace vertex_relay::io
