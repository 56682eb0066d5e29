#pragma once
// The request head sent to Google. It is built, never forwarded: a fixed method, a path from
// configuration and a handful of fields, so that nothing of the client's head gets through but its
// trace context, once that is checked.

#include "core/secret.hpp"
#include "core/vertex/target.hpp"

#include <string>
#include <string_view>

namespace vertex_relay::core {

struct upstream_call {
    std::string_view method = "POST";
    std::string_view path;
    std::string_view quota_project; ///< `x-goog-user-project`; empty: not sent
    std::size_t content_length = 0;
    bool has_body = true;
    std::string_view trace_parent = {}; ///< `traceparent`, checked; empty: not sent
    std::string_view trace_state = {};  ///< `tracestate`, checked
};

/// The one function that attaches the access token. `host` comes from configuration alone. The
/// caller wipes the text once it is sent.
std::string build_upstream_head(upstream_host const& host, upstream_call const& call,
                                secret const& access_token);

} // namespace vertex_relay::core
