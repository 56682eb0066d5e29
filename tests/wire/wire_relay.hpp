#pragma once
// A worker of the relay in front of an origin on plain HTTP, with a token that is always the same.

#include "net/relay_rig.hpp"
#include "net/token_rig.hpp"
#include "net/token_server.hpp"
#include "wire/wire_text.hpp"

#include <memory>

namespace vertex_relay::tests {

class wire_relay {
public:
    /// `settings` is TOML with the variables {{origin}} and {{key file}}. Throws
    /// std::runtime_error with a sentence if the relay would not start with it.
    wire_relay(std::string const& settings, std::uint16_t origin_port);

    relay_rig& rig() { return *rig_; }
    /// {{origin}}, {{key file}} and {{version}}.
    wire_variables const& variables() const { return variables_; }
    /// Returns once the relay has read everything sent to it so far.
    void look();

private:
    token_server tokens_;
    scratch_directory files_;
    wire_variables variables_;
    std::unique_ptr<relay_rig> rig_;
};

} // namespace vertex_relay::tests
