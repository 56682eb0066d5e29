#pragma once
// Where one request goes on Vertex AI.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace vertex_relay::core {

/// A server the token may be sent to: built from configuration, never from a request.
struct upstream_host {
    bool tls = true;
    std::string name; ///< `Host` and what is resolved
    std::uint16_t port = 443;
    std::string tls_name; ///< SNI and the name the certificate must carry

    /// Equal hosts may share connections.
    bool operator==(upstream_host const&) const = default;
    /// `Host` as sent: without the default port.
    std::string authority() const {
        bool standard = port == (tls ? 443 : 80);
        auto host = name.find(':') == std::string::npos ? name : "[" + name + "]";
        return standard ? host : host + ":" + std::to_string(port);
    }
};

struct upstream_host_hash {
    std::size_t operator()(upstream_host const& host) const {
        return std::hash<std::string>()(host.name) ^ host.port;
    }
};

struct target {
    upstream_host host;
    std::string path; ///< of the chat completions call
    /// Value of `model` upstream; nullopt: the member is left out.
    std::optional<std::string> model;
    bool repaired = false; ///< a Gemini model whose requests and answers are repaired
    std::string label; ///< what the access line calls it: `google/gemini-3.5-flash`
    std::string place; ///< the label and the location: `google/gemini-3.5-flash@us-central1`
    std::string alias; ///< the entry of `[models]` that led here; empty: the model by its own name
    bool listed = false; ///< the configuration or the catalogue names it
    std::string project;
    std::string location;
    std::string endpoint;             ///< id of a self-deployed endpoint; empty on `openapi`
    std::string lookup_path;          ///< resource that tells the dedicated host; empty: none
    bool needs_dedicated_host = false; ///< ask `lookup_path` on `host` first
    std::vector<target> fallbacks;     ///< to be tried after it, in order; have none themselves
};

} // namespace vertex_relay::core
