#pragma once
// The exact table of paths. Nothing of the client's target reaches Google.

#include "core/failure.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace vertex_relay::core {

enum class resource : std::uint8_t {
    chat_completions,
    models,
    model,
    livez,
    readyz,
    metrics,
    requests, ///< the access lines of all exchanges, live
};

/// Asked again and again by what watches a relay, not by who uses it: `/livez`, `/readyz`,
/// `/metrics`.
constexpr bool is_probe(resource what) {
    return what == resource::livez || what == resource::readyz || what == resource::metrics;
}

struct resource_match {
    resource what;
    std::string model_id; ///< percent-decoded, with `resource::model`
};

/// The part of the target that names a resource: without query, without scheme and host.
std::string_view path_of(std::string_view target);

/// As the table spells it; `/v1/models/{id}` for a model.
std::string_view path_of(resource what);

/// What a listener is for: with `admin.listen`, probes are served there and nowhere else.
enum class edge_scope : std::uint8_t { all, api, probes };

/// Where somebody asked: whose routes a refusal lists, and the base URL it names.
struct asked_at {
    edge_scope scope = edge_scope::all;
    std::string_view host = {}; ///< as in the request, checked; empty: none
};

/// 404 not_found with the list of routes of that listener.
failure not_served(std::string_view method, std::string_view path, asked_at at = {});

/// Any resource of any listener. Failures: 404 not_found with that list, 405 method_not_allowed
/// with `allow`.
result<resource_match> find_resource(std::string_view method, std::string_view path,
                                     asked_at at = {});

} // namespace vertex_relay::core
