#pragma once
// Conversations as text files (`cases/*.wire`): who says what, in order and byte by byte.
//
//     # a comment
//     % limits.streams = 1         a line of the relay's configuration, for the whole file
//     == the title of a case
//     > GET /livez HTTP/1.1        the client sends this line
//     >> POST /v1/projects/… …     this line must reach the origin
//     << HTTP/1.1 200 OK           the origin answers with this line
//     < HTTP/1.1 200 OK            this line must reach the client
//     ! relay closes               something happens or must have happened (wire_stage.hpp)
//
// A line stands for its text and CRLF; one that ends in a backslash, for its text alone. Lines of
// the same kind, one below the other, are one step. wire_text.hpp has the markup.

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::tests {

struct wire_step {
    enum class kind : unsigned char { client_sends, origin_gets, origin_sends, client_gets, event };

    kind what;
    std::string text;      ///< not yet expanded; the words of an event
    std::size_t line;      ///< of the file, from 1
    std::size_t lines = 1; ///< how many, one below the other
};

struct wire_case {
    std::string title;
    std::size_t line;
    std::vector<wire_step> steps;
};

struct wire_script {
    std::string settings; ///< TOML, not yet expanded
    std::vector<wire_case> cases;
};

/// The error names the line.
std::expected<wire_script, std::string> parse_wire(std::string_view text);

} // namespace vertex_relay::tests
