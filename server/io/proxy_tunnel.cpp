#include "io/proxy_tunnel.hpp"

#include "core/egress/tunnel.hpp"

namespace vertex_relay::io {

namespace {

using core::tunnel_answer;
using opened = std::expected<std::string, core::connect_error>;

/// Decides what became of the question; false: nobody waits for it any more.
task<bool> read_answer(fiber& sleeper, connection& line, tunnel_answer& answer) {
    auto verdict = tunnel_answer::verdict::more;
    while (verdict == tunnel_answer::verdict::more) {
        auto got = line.read();
        if (got.status == io_status::again) {
            if (sleeper.stopped() != cause::none) {
                co_return false;
            }
            co_await sleeper.sleep();
        } else if (got.status != io_status::ok) {
            answer.take_end();
            break;
        } else {
            verdict = answer.take({got.bytes.data(), got.bytes.size()});
        }
    }
    co_return true;
}

} // namespace

task<opened> open_tunnel(fiber& sleeper, connection& line, core::proxy const& through,
                         core::upstream_host const& host) {
    tunnel_answer answer;
    {
        auto request = core::tunnel_request(host.name, host.port, through);
        auto part = request.reveal();
        co_await line.write(sleeper, {&part, 1}); // what fails here fails again on reading
    }
    bool decided = co_await read_answer(sleeper, line, answer);
    if (decided && answer.is_open()) {
        co_return std::string(answer.rest());
    }
    auto error = decided ? answer.error()
                         : core::connect_error{.fault = core::connect_fault::timed_out,
                                               .at_proxy = true};
    error.through = &through;
    co_return opened(std::unexpect, std::move(error));
}

} // namespace vertex_relay::io
