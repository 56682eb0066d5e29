#pragma once
// From the model name a tool asks for to the target on Vertex AI.

#include "core/config/config.hpp"
#include "core/failure.hpp"
#include "core/vertex/catalogue.hpp"
#include "core/vertex/target.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace vertex_relay::core {

/// What discovery added to the configuration.
struct deployment {
    std::string project;
    std::string location;
    std::string universe;
};

class route_table {
public:
    /// `made_on` is the date (ISO): models that were retired by then are recommended to nobody.
    route_table(config const& settings, deployment where, catalogue models,
                std::string made_on = {});

    /// DESIGN's order: no model → `default_model`, the only alias, 400; exact alias, longest
    /// pattern, `publisher/model`, `gemini-*` under `google/`, else 404 model_not_found.
    result<target> resolve(std::optional<std::string> const& model) const;
    /// The same for an alias or a model of the catalogue; every other name is 404.
    result<target> resolve_listed(std::string_view name) const;

    /// Names a tool may ask for: aliases without `*`, then the catalogue.
    std::vector<std::string> names() const;
    catalogue const& models() const { return models_; }

private:
    result<target> resolve_name(std::string_view name) const;
    model_route const* find_route(std::string_view name) const;
    target configured(model_route const& route) const;
    target make_target(model_route const& route) const;
    target make_single(model_route const& route) const;
    result<target> published(std::string_view name) const;
    failure unknown(std::string_view name) const;
    std::vector<std::string> near(std::string_view name) const;
    upstream_host host_for(model_route const& route, std::string_view location) const;

    std::vector<model_route> routes_;
    std::unordered_map<std::string, std::size_t> exact_;
    std::vector<std::size_t> patterns_; ///< longest first
    std::string default_model_;
    std::string api_version_;
    std::optional<upstream_host> endpoint_; ///< `upstream.endpoint`
    deployment where_;
    catalogue models_;
    std::string made_on_;
    bool only_listed_;
};

/// `https://host[:port]` or `http://host[:port]`; nullopt if it is anything else.
std::optional<upstream_host> parse_upstream_endpoint(std::string_view url);

} // namespace vertex_relay::core
