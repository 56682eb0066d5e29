#pragma once
// W3C Trace Context (Recommendation of November 2021, and its level 2): which trace a request
// belongs to. The relay records no spans, so it passes a caller's context on as it is, and makes up
// none where there is none.

#include "core/http/head.hpp"

#include <string>

namespace vertex_relay::core {

struct trace_context {
    std::string parent; ///< a `traceparent` of version 00; empty: none
    std::string state;  ///< the `tracestate` that goes with it; empty: none

    /// 32 hexadecimal digits, or empty.
    std::string_view trace_id() const {
        return parent.empty() ? std::string_view() : std::string_view(parent).substr(3, 32);
    }
};

/// What a request says. A `traceparent` that is malformed or given twice counts as none, and with
/// it `tracestate`; a `tracestate` that is malformed or longer than 512 bytes counts as none. Of a
/// later version, what version 00 knows is kept.
trace_context find_trace(request_head const& head);

} // namespace vertex_relay::core
