#pragma once
// JSON on the way out: text is appended by hand so that the key order is the one on the page.

#include <cstdint>
#include <string>
#include <string_view>

namespace vertex_relay::simulator {

/// Appends `text` as a JSON string with its quotes. `text` must be UTF-8; only what RFC 8259
/// demands is escaped, so other characters stay as they are, as Google writes them.
void append_quoted(std::string& out, std::string_view text);

/// The same as a value, for use inside format arguments.
std::string json_string(std::string_view text);

/// The longest prefix of at most `bytes` bytes that ends on a UTF-8 boundary.
std::string_view utf8_prefix(std::string_view text, std::size_t bytes);

} // namespace vertex_relay::simulator
