#pragma once
// One question to Vertex AI and its answer as three files, for tests and for `simulate --replay`:
//
//     gemini-text.request.json   the body that was sent
//     gemini-text.head.txt       POST /v1/projects/PROJECT/…/chat/completions
//                                HTTP/1.1 200
//                                content-type: text/event-stream
//                                …
//     gemini-text.sse            the body that came, byte for byte; `.json` or `.txt` otherwise
//
// All of it is redacted: the names and values of what was left out do not come back.

#include "core/conformance/observation.hpp"
#include "core/conformance/redaction.hpp"

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::core::conformance {

inline constexpr std::string_view request_ending = ".request.json";
inline constexpr std::string_view head_ending = ".head.txt";

struct file_text {
    std::string name;
    std::string text;
};

struct asked {
    std::string_view name; ///< of the check
    std::string_view path; ///< of the request
    std::string_view body;
};

/// The three files; `answer` has a status.
std::vector<file_text> capture_files(asked const& question, answer_seen const& answer,
                                     redaction const& hidden);

/// What a `.head.txt` says.
struct captured_head {
    std::string path;
    unsigned status = 0;
    std::string content_type;
    std::string retry_after; ///< empty: none
};
/// The error says what is wrong with it.
std::expected<captured_head, std::string> read_captured_head(std::string_view text);

/// `.sse`, `.json` or `.txt`.
std::string_view body_ending(std::string_view content_type);

} // namespace vertex_relay::core::conformance
