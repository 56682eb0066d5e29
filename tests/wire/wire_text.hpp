#pragma once
// The markup of `.wire` lines: text as it stands, and `{{…}}` for what a text file cannot show.
//
//     {{0a}}       one byte, as two hex digits
//     {{ab*40}}    `ab`, forty times
//     {{NAME}}     a variable of the stage, such as {{origin}}: the origin's host and port
//     {{id}}       a request id, different each time

#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::tests {

using wire_variables = std::map<std::string, std::string, std::less<>>;

/// Bytes in which only the request ids are open.
struct wire_bytes {
    std::string text;             ///< with a stand-in for each id
    std::vector<std::size_t> ids; ///< where the ids stand

    bool matches(std::string_view came) const;
};

/// The error names the markup that has no meaning.
std::expected<wire_bytes, std::string> expand(std::string_view markup,
                                              wire_variables const& variables);

inline constexpr std::size_t request_id_bytes = 20;
/// `req-` and sixteen hex digits.
bool is_request_id(std::string_view text);

} // namespace vertex_relay::tests
