#pragma once
// A token source together with its own way to the token servers, on the control loop.

#include "io/token_source.hpp"

namespace vertex_relay::io {

struct token_office {
    /// `control` and `buffers` must outlive this; for the rest `token_source` says when it may go.
    token_office(event_loop& control, wire_buffers& buffers, core::config const& settings,
                 std::shared_ptr<egress_settings> way, token_settings how)
        : egress(std::move(way)), names(control, settings.upstream.resolve),
          connects(control, buffers, names, *egress), source(control, connects, std::move(how)) {}
    token_office(token_office const&) = delete;
    token_office& operator=(token_office const&) = delete;

    std::shared_ptr<egress_settings> egress;
    resolver names;
    connector connects;
    token_source source;
};

/// Whoever holds the source holds its office.
inline std::shared_ptr<token_source> source_of(std::shared_ptr<token_office> const& office) {
    return {office, &office->source};
}

} // namespace vertex_relay::io
