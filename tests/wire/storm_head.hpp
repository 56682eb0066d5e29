#pragma once
// The head of a request, read apart from the parser under test (RFC 9112 sections 2 to 6).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vertex_relay::tests {

struct storm_head {
    enum class body : unsigned char { none, length, chunked };

    std::string method;
    std::string target;
    bool is_old = false;                                     ///< HTTP/1.0
    std::vector<std::pair<std::string, std::string>> fields; ///< names in lower case
    body framing = body::none;
    std::uint64_t length = 0;

    std::vector<std::string> all(std::string_view name) const;
    bool keeps_alive() const;
};

struct storm_head_reading {
    enum class verdict : unsigned char { whole, bad, cut } what;
    std::size_t size = 0; ///< with its empty line, when whole
    storm_head head = {};
};

storm_head_reading read_storm_head(std::string_view bytes);

/// A token (RFC 9110 section 5.6.2).
bool is_storm_word(std::string_view text);
/// Nothing in it could end a field: no control character but the tab.
bool is_storm_value(std::string_view text);

} // namespace vertex_relay::tests
