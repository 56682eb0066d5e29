#pragma once
// Finds the ends of server-sent events in text that arrives in pieces, and looks at each `data:`
// line as it passes (WHATWG HTML section 9.2.6: lines end in LF, CR or CRLF; a blank line ends
// the event).
//
//     data: {"choices":…}\n \n data: [DONE]\r\n \r\n : comment\n \n
//                           ^end               ^end           ^end

#include "core/token_usage.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace vertex_relay::core {

/// Reads the last `"usage":{…}` in a chat completion: `prompt_tokens`, `completion_tokens`,
/// `total_tokens`, `cached_tokens` and `reasoning_tokens`.
std::optional<token_usage> find_usage(std::string_view json);

class event_scan {
public:
    /// Scans the next piece of text. Returns the offset just behind the last event that ends in
    /// it; 0: the one before ended in a CR, to which no LF belongs, as is known only now. Stops
    /// looking at lines once `foreign()` or `over()`.
    std::optional<std::size_t> feed(std::string_view text);

    /// Everything fed so far ends on an event boundary.
    bool at_boundary() const { return event_complete() && !pending_cr_; }
    /// The last event has its blank line, though an LF may still belong to its last CR.
    bool event_complete() const { return line_empty_ && !event_open_; }
    /// An event began with `{` or `[`: not an event but JSON out of band. Google writes errors
    /// like that into a running stream.
    bool foreign() const { return foreign_; }
    /// An event's data is an error object, not a piece of an answer; counts as foreign.
    bool failed() const { return failed_; }
    bool done() const { return done_; }         ///< `data: [DONE]` has passed
    /// Its event has ended, too: nothing behind it belongs to the stream, nor is looked at.
    bool over() const { return done_ && at_boundary(); }
    std::size_t finishes() const { return finishes_; } ///< finish reasons that have passed
    std::optional<token_usage> usage() const { return usage_; }

    /// Goes back to a copy of this object that was made on a boundary; keeps its memory.
    void rewind(event_scan const& boundary);

private:
    void end_line(std::string_view rest);
    void keep_partial(std::string_view rest);
    void inspect(std::string_view line);

    std::string partial_; ///< of a line that a piece ended in: all, or its start and its end
    std::optional<token_usage> usage_;
    bool line_empty_ = true;
    bool event_open_ = false; ///< the current event has at least one line
    bool pending_cr_ = false; ///< a CR ended the last piece; an LF right behind belongs to it
    bool foreign_ = false;
    bool done_ = false;
    bool failed_ = false;
    std::size_t finishes_ = 0;
};

} // namespace vertex_relay::core
