#include "io/run_alone.hpp"

namespace vertex_relay::io {

void run_alone(core::config const& settings, core::proxy_rules through, clock::duration limit,
               std::function<task<>(fiber&, connector&)> const& begin) {
    event_loop loop;
    wire_buffers buffers;
    resolver names(loop, settings.upstream.resolve);
    egress_settings egress(settings.upstream.ca_file, std::move(through));
    connector connects(loop, buffers, names, egress);
    fiber worker(loop);
    std::exception_ptr escaped;
    loop.post([&] {
        worker.expires_after(limit);
        worker.start(begin(worker, connects), [&](std::exception_ptr error) {
            escaped = error;
            loop.stop();
        });
    });
    loop.run();
    if (escaped) {
        std::rethrow_exception(escaped);
    }
}

} // namespace vertex_relay::io
