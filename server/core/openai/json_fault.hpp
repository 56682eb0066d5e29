#pragma once
// Where a text stops being JSON, for whoever has to mend it.

#include <cstddef>
#include <optional>
#include <string_view>

namespace vertex_relay::core {

struct json_fault {
    std::size_t offset; ///< of the first byte that cannot belong to a JSON document
    std::string_view reason;
};

/// The first fault in a text that the parser refused; nullopt if it follows RFC 8259 and RFC 3629
/// and the parser's reason is another (a number out of its range). Walks byte by byte and keeps a
/// byte for each open bracket, so it is for failures only.
std::optional<json_fault> find_json_fault(std::string_view text);

} // namespace vertex_relay::core
