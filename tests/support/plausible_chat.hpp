#pragma once
// Chat requests an OpenAI client may send, however odd: roles in any order, results that are
// missing or too many, empty texts, parts of every kind, every parameter.

#include <string>
#include <string_view>

namespace vertex_relay::tests {

/// The body that the bytes of `choices` choose; the same for the same bytes. Any of them is a
/// request that must be answered once it is repaired.
std::string plausible_chat(std::string_view choices);

} // namespace vertex_relay::tests
