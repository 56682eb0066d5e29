#pragma once
// A relay in front of an origin that answers with the body it got.

#include "net/relay_rig.hpp"
#include "net/scripted_origin.hpp"

#include <fmt/format.h>

namespace vertex_relay::tests {

inline void echo(origin_line& line) {
    while (auto request = line.read()) {
        line.send(json_answer(request->body));
    }
}

/// A chat body that can be told from others; it passes the relay unchanged.
inline std::string numbered_body(std::size_t number) {
    return fmt::format(R"({{"model":"{}","user":"<{}>"}})", open_model, number);
}

inline std::string get(std::string_view path, std::string_view more_fields = {}) {
    return fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\n{}\r\n", path, more_fields);
}

struct echo_rig {
    explicit echo_rig(relay_rig::adjustment const& adjust = {})
        : relay([&](core::config& settings, simulator::instance const& vertex) {
              if (adjust) {
                  adjust(settings, vertex);
              }
              origin.stand_in(settings);
          }) {}

    scripted_origin origin{echo};
    relay_rig relay;
};

} // namespace vertex_relay::tests
