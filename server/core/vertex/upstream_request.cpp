#include "core/vertex/upstream_request.hpp"

#include <fmt/format.h>

namespace vertex_relay::core {

std::string build_upstream_head(upstream_host const& host, upstream_call const& call,
                                secret const& access_token) {
    std::string head;
    head.reserve(512 + access_token.reveal().size());
    auto append = [&](std::initializer_list<std::string_view> parts) {
        for (auto part : parts) {
            head += part;
        }
    };
    append({call.method, " ", call.path, " HTTP/1.1\r\nHost: ", host.authority(),
            "\r\nAuthorization: Bearer ", access_token.reveal(),
            "\r\nUser-Agent: vertex-relay/" RELAY_VERSION
            "\r\nAccept-Encoding: identity\r\n"});
    if (!call.quota_project.empty()) {
        append({"x-goog-user-project: ", call.quota_project, "\r\n"});
    }
    if (!call.trace_parent.empty()) {
        append({"traceparent: ", call.trace_parent, "\r\n"});
    }
    if (!call.trace_state.empty()) {
        append({"tracestate: ", call.trace_state, "\r\n"});
    }
    if (call.has_body) {
        append({"Content-Type: application/json\r\nContent-Length: ",
                fmt::format_int(call.content_length).c_str(), "\r\n"});
    }
    head += "\r\n";
    return head;
}

} // namespace vertex_relay::core
