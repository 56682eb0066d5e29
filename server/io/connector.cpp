#include "io/connector.hpp"

#include "io/carrier.hpp"
#include "io/dial.hpp"
#include "io/proxy_tunnel.hpp"

namespace vertex_relay::io {

namespace {

using core::connect_error;
using core::connect_fault;

connect_error failed(fiber& sleeper, connect_fault fault, std::string detail) {
    bool late = sleeper.stopped() == cause::deadline;
    return {.fault = late ? connect_fault::timed_out : fault,
            .detail = late ? std::string() : std::move(detail)};
}

connect_error at_proxy(core::proxy const& through, connect_error error) {
    error.through = &through;
    error.at_proxy = true;
    return error;
}

} // namespace

core::proxy const* connector::proxy_for(core::upstream_host const& host, bool direct) const {
    bool never = direct || !host.tls || names_.is_pinned(host.name, host.port);
    return never ? nullptr : egress_.proxies.proxy_for(host.name, host.port);
}

task<connect_result> connector::reach(fiber& sleeper, std::string const& name,
                                      std::uint16_t port, wire_buffers& buffers) {
    auto addresses = co_await names_.resolve(sleeper, name, port);
    if (!addresses) {
        co_return connect_result(
            std::unexpect, failed(sleeper, connect_fault::name_not_found, addresses.error()));
    }
    auto line = co_await dial(sleeper, buffers, *addresses);
    if (!line) {
        co_return connect_result(std::unexpect,
                                 failed(sleeper, connect_fault::connect_failed, line.error()));
    }
    co_return connect_result(std::move(*line));
}

task<std::optional<connect_error>> connector::secure(fiber& sleeper, connection& line,
                                                     tls_opening how) {
    auto context = co_await egress_.tls.context(sleeper);
    if (!context) {
        co_return failed(sleeper, connect_fault::tls_untrusted, context.error());
    }
    auto secured = co_await line.handshake(sleeper, **context, how);
    if (secured) {
        co_return std::nullopt;
    }
    auto& fault = secured.error();
    co_return failed(sleeper,
                     fault.untrusted ? connect_fault::tls_untrusted : connect_fault::tls_failed,
                     std::move(fault.reason));
}

/// Ready for CONNECT.
task<connect_result> connector::reach_proxy(fiber& sleeper, core::proxy const& through) {
    auto own = through.tls ? std::make_unique<wire_buffers>() : nullptr;
    auto line = co_await reach(sleeper, through.host, through.port, own ? *own : buffers_);
    if (!line) {
        co_return connect_result(std::unexpect, at_proxy(through, std::move(line.error())));
    }
    if (!own) {
        co_return line;
    }
    tls_opening how{.name = through.host};
    auto error = co_await secure(sleeper, **line, how);
    if (error) {
        co_return connect_result(std::unexpect, at_proxy(through, std::move(*error)));
    }
    auto outer = std::make_unique<carrier>(std::move(own), std::move(*line));
    co_return std::make_unique<connection>(loop_, buffers_, std::move(outer));
}

task<connect_result> connector::connect(fiber& sleeper, core::upstream_host const& host,
                                        connect_options how) {
    auto const* through = proxy_for(host, how.direct);
    auto reaching = through == nullptr ? reach(sleeper, host.name, host.port, buffers_)
                                       : reach_proxy(sleeper, *through);
    auto line = co_await reaching;
    std::string early;
    if (line && through != nullptr) {
        auto tunnel = co_await open_tunnel(sleeper, **line, *through, host);
        if (!tunnel) {
            co_return connect_result(std::unexpect, std::move(tunnel.error()));
        }
        early = std::move(*tunnel);
    }
    if (line && host.tls) {
        tls_opening opening{.name = host.tls_name, .offer = how.offer, .early = early};
        auto error = co_await secure(sleeper, **line, opening);
        if (error) {
            error->through = through;
            co_return connect_result(std::unexpect, std::move(*error));
        }
    }
    if (line) {
        (*line)->host = host;
    }
    co_return line;
}

} // namespace vertex_relay::io
