#include "io/metrics_page.hpp"

#include "core/metrics/metrics_text.hpp"
#include "io/token_source.hpp"

namespace vertex_relay::io {

std::string metrics_page(service const& shared) {
    auto const& load = shared.load;
    core::relay_state now{.connections = load.connections.load(),
                          .streams = load.streams.load(),
                          .buffered_bytes = load.buffered_bytes.load(),
                          .draining = load.draining.load(),
                          .tokens_renewed = load.tokens_renewed.value(),
                          .token_failures = load.token_failures.value(),
                          .reloads = load.reloads.value(),
                          .reload_failures = load.reload_failures.value(),
                          .log_lines_lost = shared.logs.lost(),
                          .started = std::chrono::duration<double>(
                                         load.started.time_since_epoch())
                                         .count()};
    if (auto left = shared.tokens->remaining()) {
        now.token_seconds = std::chrono::duration<double>(*left).count();
    }
    return core::metrics_text(load.meters.total(), now);
}

} // namespace vertex_relay::io
