#pragma once
// The manual page, made of the tables of settings and commands.

#include <string>

namespace vertex_relay {

/// `vertex-relay.1` for man(7).
std::string manual_page();

} // namespace vertex_relay
