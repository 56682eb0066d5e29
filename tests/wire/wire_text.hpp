#pragma once
// The markup of `.wire` lines: text as it stands, and `{{…}}` for what a text file cannot show.
//
//     {{0a}}       one byte, as two hex digits
//     {{ab*40}}    `ab`, forty times
//     {{NAME}}     a variable of the stage, such as {{origin}}: the origin's host and port
//     {{id}}       a request id, different each time
//     {{ms}}       a time in milliseconds such as 0.3, different each time

#include <algorithm>
#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::tests {

using wire_variables = std::map<std::string, std::string, std::less<>>;

enum class wire_opening : std::uint8_t { id, ms };

/// Bytes that are settled but for openings, whose stand-ins have the shortest length there is.
struct wire_bytes {
    struct opening {
        std::size_t offset; ///< of the stand-in
        wire_opening what;
    };
    std::string text;
    std::vector<opening> openings; ///< in order

    /// How many bytes at the front of `came` these are; nothing: they are not, or not yet.
    std::optional<std::size_t> match(std::string_view came) const;
    std::size_t count(wire_opening what) const {
        return static_cast<std::size_t>(std::ranges::count(openings, what, &opening::what));
    }
    /// `came` is exactly these.
    bool matches(std::string_view came) const { return match(came) == came.size(); }
};

/// The error names the markup that has no meaning.
std::expected<wire_bytes, std::string> expand(std::string_view markup,
                                              wire_variables const& variables);

inline constexpr std::size_t request_id_bytes = 20;
/// `req-` and sixteen hex digits.
bool is_request_id(std::string_view text);
/// The length of a time at the front: digits, a point, a digit; 0 if there is none.
std::size_t time_bytes(std::string_view text);

} // namespace vertex_relay::tests
