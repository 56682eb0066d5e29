#include "core/vertex/route_table.hpp"

#include "core/config/grammar.hpp"
#include "core/gemini/model_traits.hpp"
#include "core/http/authority.hpp"
#include "core/vertex/location.hpp"
#include "core/vertex/model_name.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace vertex_relay::core {

namespace {

constexpr std::size_t name_bytes_max = 256; // as the grammar of models; a pattern could take any

/// `publishers/P/models/M` and `gemini-…` as `publisher/model`; every other name as it is.
std::string full_name(std::string_view name) {
    constexpr std::string_view publishers = "publishers/";
    constexpr std::string_view models = "/models/";
    if (name.starts_with("gemini-")) {
        return fmt::format("google/{}", name);
    }
    std::string full(name);
    auto middle = name.find(models, publishers.size());
    if (name.starts_with(publishers) && middle != name.npos) {
        full.replace(middle, models.size(), "/");
        full.erase(0, publishers.size());
    }
    return full;
}

failure invalid_model(std::vector<std::string> const& near = {}) {
    auto hint = near.empty() ? std::string()
                             : fmt::format(" Did you mean {}?", fmt::join(near, ", "));
    return invalid_request(400, "invalid_model",
                           "`model` is neither an alias nor of the form `publisher/model`, for "
                           "example `google/gemini-3.5-flash`." + hint,
                           "model");
}

} // namespace

std::optional<upstream_host> parse_upstream_endpoint(std::string_view url) {
    bool tls = url.starts_with("https://");
    if (!tls && !url.starts_with("http://")) {
        return std::nullopt;
    }
    url.remove_prefix(tls ? 8 : 7);
    if (url.ends_with('/')) {
        url.remove_suffix(1);
    }
    auto named = parse_authority(url);
    if (!named) {
        return std::nullopt;
    }
    auto port = static_cast<std::uint16_t>(named->port.value_or(tls ? 443 : 80));
    return upstream_host{tls, named->host, port, named->host};
}

route_table::route_table(config const& settings, deployment where, catalogue models,
                         std::string made_on)
    : routes_(settings.models), default_model_(settings.default_model),
      api_version_(settings.upstream.api_version),
      endpoint_(parse_upstream_endpoint(settings.upstream.endpoint)), where_(std::move(where)),
      models_(std::move(models)), made_on_(std::move(made_on)),
      only_listed_(settings.access.only_listed_models) {
    for (std::size_t i = 0; i < routes_.size(); ++i) {
        if (routes_[i].name.find('*') == std::string::npos) {
            exact_.emplace(routes_[i].name, i);
        } else {
            patterns_.push_back(i);
        }
    }
    // A longer pattern first; of two as long, the one the configuration names first.
    std::ranges::sort(patterns_, {},
                      [&](std::size_t i) { return std::pair(-std::ssize(routes_[i].name), i); });
}

result<target> route_table::resolve(std::optional<std::string> const& model) const {
    if (model && !model->empty()) {
        return resolve_name(*model);
    }
    if (!default_model_.empty()) {
        return resolve_name(default_model_);
    }
    if (exact_.size() == 1) {
        return configured(routes_[exact_.begin()->second]);
    }
    return std::unexpected(invalid_request(
        400, "missing_model",
        "The request names no `model`. Send one, or set default_model (--default-model).",
        "model"));
}

result<target> route_table::resolve_listed(std::string_view name) const {
    auto where = resolve_name(name);
    bool listed = find_route(name) != nullptr || (where && models_.find(where->label) != nullptr);
    return where && !listed ? std::unexpected(unknown(name)) : std::move(where);
}

result<target> route_table::resolve_name(std::string_view name) const {
    if (auto const* route = find_route(name)) {
        return configured(*route);
    }
    if (name.size() > name_bytes_max) {
        return std::unexpected(invalid_model());
    }
    if (only_listed_) {
        return std::unexpected(unknown(name));
    }
    return published(name);
}

model_route const* route_table::find_route(std::string_view name) const {
    if (auto found = exact_.find(std::string(name)); found != exact_.end()) {
        return &routes_[found->second];
    }
    for (auto index : patterns_) {
        if (name.size() <= name_bytes_max && matches_pattern(routes_[index].name, name)) {
            return &routes_[index];
        }
    }
    return nullptr;
}

result<target> route_table::published(std::string_view name) const {
    auto full = full_name(name);
    if (grammar::is_publisher_model(full)) {
        auto out = make_target({.name = std::string(name), .model = std::move(full)});
        out.listed = models_.find(out.label) != nullptr;
        return out;
    }
    // `llama3:8b` is a name that other services know; a path or a query is none.
    bool harmless = name.find_first_of("/?#%\\&=;, ") == name.npos;
    return std::unexpected(harmless ? unknown(name) : invalid_model(near(name)));
}

std::vector<std::string> route_table::near(std::string_view name) const {
    auto known = names();
    std::erase_if(known, [&](std::string const& one) {
        auto const* model = models_.find(one);
        return model != nullptr && is_retired(*model, made_on_);
    });
    return near_names(name, known, 3);
}

failure route_table::unknown(std::string_view name) const {
    auto known = near(name);
    auto hint = known.empty() ? std::string("GET /v1/models lists what there is.")
                              : fmt::format("Did you mean {}?", fmt::join(known, ", "));
    auto why = only_listed_ ? "is not listed here (access.only_listed_models)"
                            : "does not exist here";
    return invalid_request(
        404, "model_not_found",
        fmt::format("The model '{}' {}. {} An alias under [models] (or --model "
                    "'{}=google/gemini-3.5-flash') makes any name work.",
                    name, why, hint, name),
        "model");
}

upstream_host route_table::host_for(model_route const& route, std::string_view location) const {
    if (endpoint_) {
        return *endpoint_;
    }
    if (!route.host.empty()) {
        auto named = parse_authority(route.host);
        auto port = static_cast<std::uint16_t>(named ? named->port.value_or(443) : 443);
        auto name = named ? named->host : route.host;
        return {true, name, port, route.tls_name.empty() ? name : route.tls_name};
    }
    auto name = location_host(location, where_.universe);
    return {true, name, 443, route.tls_name.empty() ? name : route.tls_name};
}

target route_table::configured(model_route const& route) const {
    auto out = make_target(route);
    out.alias = route.name;
    out.listed = true;
    return out;
}

/// A fallback differs from its route in the location or in the model, and in nothing else: a host
/// or a project that the route names is kept.
target route_table::make_target(model_route const& route) const {
    auto out = make_single(route);
    for (auto const& fallback : route.fallbacks) {
        auto other = route;
        (grammar::is_location(fallback) ? other.location : other.model) = fallback;
        out.fallbacks.push_back(make_single(other));
    }
    return out;
}

target route_table::make_single(model_route const& route) const {
    target out;
    out.project = route.project.empty() ? where_.project : route.project;
    out.location = route.location.empty() ? where_.location : route.location;
    out.host = host_for(route, out.location);
    out.label = route.endpoint.empty() ? route.model : fmt::format("endpoints/{}", route.endpoint);
    out.place = fmt::format("{}@{}", out.label, out.location);
    auto const& version = route.api_version.empty() ? api_version_ : route.api_version;
    auto parent = fmt::format("projects/{}/locations/{}/endpoints", out.project, out.location);
    if (route.endpoint.empty()) {
        out.path = fmt::format("/{}/{}/openapi/chat/completions", version, parent);
        out.model = route.model;
        out.repaired = is_gemini(route.model) && !route.passthrough;
        return out;
    }
    out.endpoint = route.endpoint;
    out.path = fmt::format("/{}/{}/{}/chat/completions", version, parent, route.endpoint);
    if (!route.send_model.empty()) {
        out.model = route.send_model;
    }
    out.lookup_path = fmt::format("/v1beta1/{}/{}", parent, route.endpoint);
    out.needs_dedicated_host = !endpoint_ && route.host.empty();
    return out;
}

std::vector<std::string> route_table::names() const {
    std::vector<std::string> out;
    for (auto const& route : routes_) {
        if (route.name.find('*') == std::string::npos) {
            out.push_back(route.name);
        }
    }
    if (!only_listed_) {
        for (auto const& model : models_.models()) {
            if (!exact_.contains(model.id)) {
                out.push_back(model.id);
            }
        }
    }
    return out;
}

} // namespace vertex_relay::core
