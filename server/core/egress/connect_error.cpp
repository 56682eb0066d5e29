#include "core/egress/connect_error.hpp"

#include "core/config/grammar.hpp"

#include <fmt/format.h>

namespace vertex_relay::core {

namespace {

/// The network between here and the target, reached without a proxy or through its tunnel.
std::string explain_target(connect_error const& error, std::string_view host,
                           std::uint16_t port) {
    auto through = error.through != nullptr ? " through " + error.through->text() : std::string();
    std::string hint;
    if (error.through == nullptr && !grammar::is_loopback(host)) {
        hint = " If this network needs a proxy, set HTTPS_PROXY.";
    }
    switch (error.fault) {
    case connect_fault::name_not_found:
        return fmt::format("Cannot resolve {}: {}. Check the network and the name server.{}", host,
                           error.detail, hint);
    case connect_fault::connect_failed:
        return fmt::format("Cannot connect to {} port {}: {}.{}", host, port, error.detail, hint);
    case connect_fault::timed_out:
        return fmt::format("Cannot connect to {} port {}{}: timed out "
                           "(upstream.connect_timeout_ms).{}",
                           host, port, through, hint);
    case connect_fault::tls_untrusted:
        return fmt::format("No secure connection to {}{}: {}", host, through, error.detail);
    default:
        return fmt::format("No secure connection to {}{}: {}. Something between here and there "
                           "breaks TLS; ask the network's administrator.",
                           host, through, error.detail);
    }
}

std::string explain_password(connect_error const& error) {
    auto const& proxy = *error.through;
    if (!error.detail.empty()) {
        return fmt::format("{} wants {} authentication, and the relay can only send a password "
                           "(Basic). Run a local proxy that can do it, such as Px or Cntlm, and "
                           "name that in {}.",
                           proxy.text(), error.detail, proxy.variable);
    }
    if (proxy.credentials.empty()) {
        return fmt::format(
            "{} wants a user name and password: set {}={}://USER:PASSWORD@HOST:PORT, "
            "special characters percent-encoded (@ as %40).",
            proxy.text(), proxy.variable, proxy.tls ? "https" : "http");
    }
    return fmt::format("{} does not accept the user name and password in {}. Correct them; special "
                       "characters must be percent-encoded (@ as %40).",
                       proxy.text(), proxy.variable);
}

std::string explain_proxy(connect_error const& error, std::string_view host, std::uint16_t port) {
    auto const& proxy = *error.through;
    auto check = fmt::format("Check {}, or add {} to NO_PROXY if it can be reached without it.",
                             proxy.variable, host);
    auto plain = proxy.tls ? fmt::format(" If it speaks plain HTTP, write http:// in {}.",
                                         proxy.variable)
                           : std::string();
    switch (error.fault) {
    case connect_fault::name_not_found:
    case connect_fault::connect_failed:
        return fmt::format("{} cannot be reached: {}. {}", proxy.text(), error.detail, check);
    case connect_fault::timed_out:
        return fmt::format("{} did not open a connection to {} port {} in time. {}{}", proxy.text(),
                           host, port, check, plain);
    case connect_fault::tls_untrusted:
        return fmt::format("{} is not secure: {}", proxy.text(), error.detail);
    case connect_fault::tls_failed:
        return fmt::format("{} does not speak TLS as it should: {}.{}", proxy.text(), error.detail,
                           plain);
    case connect_fault::proxy_password:
        return explain_password(error);
    case connect_fault::proxy_refused:
        return fmt::format("{} does not allow a connection to {} port {}: {}. Ask its "
                           "administrator to allow CONNECT to {}:{}, or add {} to NO_PROXY if it "
                           "can be reached without it.",
                           proxy.text(), host, port, error.detail, host, port, host);
    case connect_fault::proxy_failed:
        break;
    }
    return fmt::format("{} did not open a connection to {} port {}: {}. {}", proxy.text(), host,
                       port, error.detail, check);
}

std::string_view code_of(connect_error const& error) {
    if (error.fault == connect_fault::proxy_password) {
        return "upstream_proxy_auth";
    }
    if (error.fault == connect_fault::proxy_refused) {
        return "upstream_proxy_refused";
    }
    if (error.is_of_proxy()) {
        return error.fault == connect_fault::timed_out ? "upstream_proxy_timeout"
                                                       : "upstream_proxy_failed";
    }
    switch (error.fault) {
    case connect_fault::timed_out: return "upstream_connect_timeout";
    case connect_fault::tls_untrusted:
    case connect_fault::tls_failed: return "upstream_tls_failed";
    default: return "upstream_unreachable";
    }
}

} // namespace

std::string explain(connect_error const& error, std::string_view host, std::uint16_t port) {
    auto text = error.is_of_proxy() ? explain_proxy(error, host, port)
                                      : explain_target(error, host, port);
    if (text.starts_with("the ")) {
        text.front() = 'T';
    }
    return text;
}

failure connect_failure(connect_error const& error, upstream_host const& host) {
    auto code = code_of(error);
    return {.status = code == "upstream_connect_timeout" ? 504 : 502,
            .type = "upstream_error",
            .code = std::string(code),
            .message = explain(error, host.name, host.port),
            .retry = error.is_lasting() ? retry_advice::never : retry_advice::unspecified};
}

} // namespace vertex_relay::core
