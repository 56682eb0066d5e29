#pragma once
// A body is never rebuilt: it is sent as the original bytes with a few spans replaced.
//
//     body    {"model":"gpt-4o","messages":[…]}
//     edit             ^offset 9, length 8, replacement "google/gemini-3.5-flash"
//     gather  [{"model":] ["google/…"] [,"messages":[…]}]

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::core {

struct edit {
    std::size_t offset;
    std::size_t length;
    std::string replacement;
};

/// The spans to send, in order. `edits` are sorted by offset and do not overlap; the views point
/// into `body` and into the edits and live as long as both.
inline std::vector<std::string_view> gather(std::string_view body,
                                            std::vector<edit> const& edits) {
    std::vector<std::string_view> spans;
    spans.reserve(2 * edits.size() + 1);
    std::size_t at = 0;
    for (auto const& change : edits) {
        spans.push_back(body.substr(at, change.offset - at));
        spans.push_back(change.replacement);
        at = change.offset + change.length;
    }
    spans.push_back(body.substr(at));
    std::erase_if(spans, [](std::string_view span) { return span.empty(); });
    return spans;
}

} // namespace vertex_relay::core
