#pragma once
// Which connections go through a proxy.

#include "core/egress/proxy.hpp"
#include "core/egress/proxy_bypass.hpp"
#include "core/google/environment.hpp"

#include <expected>
#include <optional>
#include <string>

namespace vertex_relay::core {

class proxy_rules {
public:
    /// No proxy at all.
    proxy_rules() = default;

    /// The first one set of HTTPS_PROXY, https_proxy, ALL_PROXY and all_proxy, and the first of
    /// NO_PROXY and no_proxy (Go's order). The error is a sentence that shows no value, because
    /// that may hold a password.
    static std::expected<proxy_rules, std::string> from(google::environment const& variables);

    /// For a TLS connection; null: connect directly. `host` is a name or a literal without
    /// brackets. Never for `localhost` and names under it (RFC 6761 section 6.3), loopback and
    /// link-local addresses. Connections without TLS never ask: they go to loopback or to the
    /// metadata server. The proxy lives as long as this object.
    proxy const* proxy_for(std::string_view host, std::uint16_t port) const;

    /// One line for the log, without secrets; empty if there is no proxy.
    std::string text() const;

private:
    std::optional<proxy> proxy_;
    proxy_bypass bypass_;
    std::string bypass_text_;
};

} // namespace vertex_relay::core
