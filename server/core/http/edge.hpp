#pragma once
// What the edge lets in: the default policy of an unauthenticated server on a developer's machine.
// Checks run in a fixed order; the first that fails answers, naming the rule and what relaxes it.

#include "core/http/head.hpp"
#include "core/http/peer_rules.hpp"
#include "core/http/resource.hpp"
#include "core/secret.hpp"

#include <memory>
#include <string>
#include <vector>

namespace vertex_relay::core {

struct edge_rules {
    edge_scope scope = edge_scope::all;
    bool any_host = false; ///< the admin listener: probes come by pod address
    std::vector<std::string> allow_host;   ///< besides loopback names and the bound addresses
    std::vector<std::string> allow_origin; ///< exact origins; `*` only with a key
    std::vector<std::string> bound_hosts;  ///< addresses the listeners are bound to
    peer_rules peers;                      ///< users of this machine who may connect
    std::shared_ptr<secret const> api_key; ///< null: none needed
    bool lenient_content_type = false;
    std::size_t body_bytes = 0; ///< limit of a request body
};

/// A request that passed every check that needs no body. Owns what it keeps of the head.
struct admission {
    resource what;
    std::string model_id;
    std::string cors_origin; ///< echo this origin in the answer; empty: no CORS headers
    bool expects_continue = false;
    bool preflight = false; ///< a granted CORS preflight: answer 204, nothing else
};

/// 413 request_too_large; the connection closes, the rest of the body is not read.
failure body_too_large(std::size_t limit);

/// The origin whose pages may read the answer, also a refusal; empty: none.
std::string granted_origin(request_head const& head, edge_rules const& rules);

/// Policy rows 5 to 15 (Host, Origin, Sec-Fetch-Site, preflight, peer, key, path, method, upgrade,
/// content type, expectation, announced size). `who` is the user at the other end; nullopt: on
/// another machine. A refusal may carry `close`.
result<admission> admit(request_head const& head, edge_rules const& rules,
                        std::optional<peer> const& who = {});

} // namespace vertex_relay::core
