#pragma once
// Bad HTTP, made by rule: each generator walks one kind of damage through a good request. The same
// inputs every time.

#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::tests {

using storm_inputs = std::vector<std::string>;

storm_inputs framing_storm();      ///< every pair of Content-Length and Transfer-Encoding
storm_inputs chunk_storm();        ///< chunk sizes, extensions, line ends and trailers
storm_inputs field_byte_storm();   ///< every byte at every place of a field
storm_inputs request_line_storm(); ///< methods, targets, versions; every byte at every place
storm_inputs body_storm();         ///< JSON with every kind of damage
storm_inputs random_storm();       ///< several damages at once, anywhere
storm_inputs cut_storm();          ///< ends at every byte, requests behind requests

/// A chat with a name of its own, so that what reaches Google can be told apart.
std::string storm_chat(std::string_view name);
/// The same as a request with a length and `fields` (each with its CRLF).
std::string storm_post(std::string_view body, std::string_view fields = {});

} // namespace vertex_relay::tests
