#include "core/http/resource.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace vertex_relay::core {

namespace {

struct entry {
    std::string_view path;
    resource what;
    bool reads; ///< GET and HEAD; otherwise POST
    bool api = true; ///< part of the OpenAI API: also below /v1
};

constexpr std::array table{
    entry{"/chat/completions", resource::chat_completions, false},
    entry{"/models", resource::models, true},
    entry{"/livez", resource::livez, true, false},
    entry{"/health", resource::livez, true, false},
    entry{"/readyz", resource::readyz, true, false},
    entry{"/metrics", resource::metrics, true, false},
    entry{"/requests", resource::requests, true, false},
};

constexpr std::string_view api_routes =
    "POST /v1/chat/completions, GET /v1/models, GET /v1/models/{id}, GET /requests";
constexpr std::string_view probe_routes = "GET /livez, GET /readyz, GET /metrics";

std::string routes_of(edge_scope scope) {
    return scope == edge_scope::api      ? std::string(api_routes)
           : scope == edge_scope::probes ? std::string(probe_routes)
                                         : fmt::format("{}, {}", api_routes, probe_routes);
}

/// Of OpenAI, and not here.
constexpr std::array<std::string_view, 3> other_apis{"/v1/responses", "/v1/completions",
                                                     "/v1/embeddings"};

std::string percent_decode(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        unsigned value = 0;
        auto digits = text.substr(at + 1 < text.size() ? at + 1 : text.size()).substr(0, 2);
        auto end = digits.data() + digits.size();
        bool escape = text[at] == '%' && digits.size() == 2 &&
                      std::from_chars(digits.data(), end, value, 16).ptr == end;
        out += escape ? static_cast<char>(value) : text[at];
        at += escape ? 2 : 0;
    }
    return out;
}

/// What base URLs that end in a slash, or lack one, make of a path: `//` counts as `/`, and a slash
/// at the end does not count.
std::string without_slips(std::string_view path) {
    std::string out;
    for (char c : path) {
        if (c != '/' || !out.ends_with('/')) {
            out += c;
        }
    }
    if (out.size() > 1 && out.ends_with('/')) {
        out.pop_back();
    }
    return out;
}

result<resource_match> allow(std::string_view method, bool reads, resource_match match) {
    bool fits = reads ? method == "GET" || method == "HEAD" : method == "POST";
    if (fits) {
        return match;
    }
    auto refusal = invalid_request(405, "method_not_allowed",
                                   fmt::format("{} is not allowed here; use {}.", method,
                                               reads ? "GET" : "POST"));
    refusal.allow = reads ? "GET, HEAD" : "POST";
    return std::unexpected(std::move(refusal));
}

} // namespace

failure not_served(std::string_view method, std::string_view path, asked_at at) {
    std::string shown(path.substr(0, 200));
    bool other_api = std::ranges::any_of(other_apis, [&](std::string_view known) {
        return path.ends_with(known); // the base URL was right, then
    });
    auto host = at.host.empty() ? std::string_view("HOST:PORT") : at.host.substr(0, 200);
    auto advice = at.scope == edge_scope::probes
                      ? std::string("This is admin.listen; tools use the other address")
                  : other_api ? std::string("Have the tool use chat completions")
                              : fmt::format("Set the base URL to http://{}/v1", host);
    return invalid_request(404, "not_found",
                           fmt::format("Nothing is served at {} {}. {}; served are: {}.", method,
                                       shown, advice, routes_of(at.scope)));
}

std::string_view path_of(std::string_view target) {
    auto scheme = target.starts_with('/') ? target.npos : target.find("://");
    if (scheme != target.npos) {
        auto end = target.find_first_of("/?#", scheme + 3);
        target = end == target.npos || target[end] != '/' ? "/" : target.substr(end);
    }
    auto is_end = [](char c) { return c == '?' || c == '#'; }; // find_first_of takes ten times that
    return {target.begin(), std::ranges::find_if(target, is_end)};
}

std::string_view path_of(resource what) {
    switch (what) {
    case resource::chat_completions: return "/v1/chat/completions";
    case resource::models: return "/v1/models";
    case resource::model: return "/v1/models/{id}";
    case resource::livez: return "/livez";
    case resource::readyz: return "/readyz";
    case resource::metrics: return "/metrics";
    case resource::requests: return "/requests";
    }
    return "";
}

result<resource_match> find_resource(std::string_view method, std::string_view path,
                                     asked_at at) {
    bool slipped = path.find("//") != path.npos || path.ends_with('/');
    auto corrected = slipped ? without_slips(path) : std::string();
    auto plain = slipped ? std::string_view(corrected) : path;
    auto rest = plain;
    while (rest.starts_with("/v1/")) {
        rest.remove_prefix(3);
    }
    for (auto const& known : table) {
        if (known.path == (known.api ? rest : plain)) {
            return allow(method, known.reads, {known.what, {}});
        }
    }
    constexpr std::string_view models = "/models/";
    if (rest.starts_with(models) && rest.size() > models.size()) {
        return allow(method, true, {resource::model, percent_decode(rest.substr(models.size()))});
    }
    return std::unexpected(not_served(method, path, at));
}

} // namespace vertex_relay::core
