#pragma once
// The resource names in Vertex's paths, and which host may serve which location.

#include <optional>
#include <string_view>

namespace vertex_relay::simulator {

/// `/{version}/projects/{project}/locations/{location}/{rest}`; views into the path.
struct resource_path {
    std::string_view version;
    std::string_view project;
    std::string_view location;
    std::string_view rest; ///< e.g. `endpoints/openapi/chat/completions`
};

std::optional<resource_path> parse_resource_path(std::string_view path);

/// `endpoints/{id}/{verb}` or `endpoints/{id}:{verb}`; the verb is empty for the resource itself.
struct endpoint_path {
    std::string_view id;
    std::string_view verb; ///< `chat/completions`, `:predict`, …
};

std::optional<endpoint_path> parse_endpoint(std::string_view rest);

/// A self-deployed endpoint's id: digits, or `mg-endpoint-…`.
bool is_endpoint_id(std::string_view id);

enum class host_fit { shared, dedicated, loopback, wrong };

/// Whether `host` (no port) serves `location`: the regional host, the bare one, the multi-region
/// ones for `us` and `eu`, a dedicated endpoint's name, or loopback for anything.
host_fit fit_of(std::string_view host, std::string_view location);

} // namespace vertex_relay::simulator
