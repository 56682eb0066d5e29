#pragma once
// Bytes as lines of a `.wire` file: the other way round of wire_text.hpp.

#include "wire/wire_text.hpp"

namespace vertex_relay::tests {

/// Each line ends in LF and has `arrow` in front.
std::string render(std::string_view bytes, std::string_view arrow, wire_variables const& variables);

} // namespace vertex_relay::tests
