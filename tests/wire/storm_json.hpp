#pragma once
// A second opinion on request bodies, read apart from the parser under test (RFC 8259, RFC 3629).

#include <optional>
#include <string>
#include <string_view>

namespace vertex_relay::tests {

struct storm_body {
    /// One object, at most 128 levels deep, no key twice at the top, strict JSON and UTF-8.
    bool valid = false;
    /// Valid, but with what a careful reader may refuse: 128 levels, an unpaired surrogate, a
    /// number that does not fit into 64 bits or a double.
    bool odd = false;
    std::optional<std::string> model; ///< unescaped; only if it is a string
    std::size_t model_at = 0;         ///< where its value stands
    std::size_t model_size = 0;
    bool good_types = true; ///< `model` is a string or absent, `stream` true, false, null or absent
};

storm_body read_storm_body(std::string_view text);

} // namespace vertex_relay::tests
