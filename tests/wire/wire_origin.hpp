#pragma once
// The origin of a wire case: it does nothing of its own accord.

#include "net/relay_client.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace vertex_relay::tests {

class wire_origin {
public:
    /// Listens on a free port of 127.0.0.1.
    wire_origin();
    ~wire_origin();
    wire_origin(wire_origin const&) = delete;
    wire_origin& operator=(wire_origin const&) = delete;

    std::uint16_t port() const { return port_; }
    /// Waits for the relay to connect; that connection becomes `line`, and the one before it stays
    /// as it is. False after `patience`.
    bool accept();
    /// A connection waits to be accepted.
    bool is_called() const { return is_called_within(std::chrono::milliseconds(0)); }

    std::optional<relay_client> line; ///< the current connection
    std::vector<relay_client> former; ///< those before it

private:
    bool is_called_within(std::chrono::milliseconds limit) const;

    int listener_;
    std::uint16_t port_ = 0;
};

} // namespace vertex_relay::tests
