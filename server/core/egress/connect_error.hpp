#pragma once
// Why a connection to Google could not be made, and what to do about it.

#include "core/egress/proxy.hpp"
#include "core/failure.hpp"
#include "core/vertex/target.hpp"

#include <string>

namespace vertex_relay::core {

enum class connect_fault : unsigned char {
    name_not_found,
    connect_failed,
    timed_out,
    tls_untrusted,  ///< no certificate to be trusted; the detail is a sentence or two
    tls_failed,
    proxy_password, ///< 407; the detail names the schemes wanted, if Basic is none of them
    proxy_refused,  ///< 3xx or 4xx to CONNECT: a policy
    proxy_failed,   ///< anything else but a tunnel
};

/// One failed attempt over all addresses.
struct connect_error {
    connect_fault fault;
    std::string detail = {};        ///< `Connection refused`
    proxy const* through = nullptr; ///< null: a direct connection
    bool at_proxy = false;          ///< it is the proxy that could not be reached

    /// The proxy failed or refused, not the target.
    bool is_of_proxy() const {
        return at_proxy || fault == connect_fault::proxy_password ||
               fault == connect_fault::proxy_refused || fault == connect_fault::proxy_failed;
    }
    /// Only a person can change it.
    bool is_lasting() const {
        return fault == connect_fault::tls_untrusted || fault == connect_fault::proxy_password ||
               fault == connect_fault::proxy_refused;
    }
};

/// The cause and the next step. `host` without brackets.
std::string explain(connect_error const& error, std::string_view host, std::uint16_t port);

/// What a client of the relay sees. 502 upstream_unreachable, upstream_tls_failed,
/// upstream_proxy_auth, upstream_proxy_refused, upstream_proxy_timeout, upstream_proxy_failed; 504
/// upstream_connect_timeout.
failure connect_failure(connect_error const& error, upstream_host const& host);

} // namespace vertex_relay::core
