#pragma once
// Reading a JSON string from the bytes it was written as.

#include <string>
#include <string_view>

namespace vertex_relay::core {

/// `quoted` is a valid JSON string with both quotes (RFC 8259 section 7). A surrogate without its
/// partner becomes U+FFFD.
std::string unescape(std::string_view quoted);

/// Whether `quoted` stands for `plain`; allocates only if it holds an escape.
bool unescapes_to(std::string_view quoted, std::string_view plain);

} // namespace vertex_relay::core
