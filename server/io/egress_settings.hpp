#pragma once
// How every loop reaches Google. Shared by all of them.

#include "core/egress/proxy_rules.hpp"
#include "io/tls_settings.hpp"

namespace vertex_relay::io {

struct egress_settings {
    /// `ca_file` is trusted besides the system's CAs; empty: none.
    explicit egress_settings(std::string ca_file, core::proxy_rules through = {})
        : tls(std::move(ca_file)), proxies(std::move(through)) {}

    tls_settings tls;
    core::proxy_rules const proxies;
};

} // namespace vertex_relay::io
