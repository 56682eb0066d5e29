#pragma once
// Heads for the edge, built line by line.

#include "core/http/edge.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::tests {

/// Rules as a default start has them.
inline core::edge_rules default_rules() {
    core::edge_rules rules;
    rules.bound_hosts = {"127.0.0.1", "::1"};
    rules.body_bytes = 1000;
    return rules;
}

struct edge_request {
    std::string_view method = "GET";
    std::string_view target = "/v1/models";
    std::string_view host = "localhost:8642";
    std::vector<core::header_field> fields = {};
};

inline core::request_head head_of(edge_request const& request) {
    core::request_head head;
    head.method = request.method;
    head.target = request.target;
    head.path = core::path_of(head.target);
    head.fields.push_back({"Host", request.host});
    head.fields.insert(head.fields.end(), request.fields.begin(), request.fields.end());
    return head;
}

/// `ok`, or status and code of the refusal, e.g. `403 host_not_allowed`.
inline std::string verdict_of(core::request_head const& head, core::edge_rules const& rules) {
    auto admitted = core::admit(head, rules);
    return admitted ? "ok"
                    : std::to_string(admitted.error().status) + " " + admitted.error().code;
}

inline std::string verdict(edge_request const& request, core::edge_rules const& rules) {
    return verdict_of(head_of(request), rules);
}

} // namespace vertex_relay::tests
