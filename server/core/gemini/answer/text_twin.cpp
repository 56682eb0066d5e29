#include "core/gemini/answer/text_twin.hpp"

#include "core/gemini/edited_text.hpp"
#include "core/json_scan.hpp"

#include <algorithm>

namespace vertex_relay::core {

namespace {

constexpr std::size_t payload_bytes_max = 4 * 1024; // longer ones are rare, and no two are alike

/// `text` with those of `edits` that lie in it; it starts at `offset` of what they were made for.
void assign_edited(std::string& out, std::string_view text, std::size_t offset,
                   std::vector<edit> const& edits) {
    out.clear();
    std::size_t at = 0;
    for (auto const& change : edits) {
        if (change.offset >= offset && change.offset + change.length <= offset + text.size()) {
            out += text.substr(at, change.offset - offset - at);
            out += change.replacement;
            at = change.offset - offset + change.length;
        }
    }
    out += text.substr(at);
}

} // namespace

void text_twin::learn(std::string_view payload, located_value content,
                      std::vector<edit> const& edits) {
    auto front = content.offset() + 1;
    auto back = content.end_offset() - 1;
    auto apart = [&](edit const& change) {
        return change.offset + change.length < front || change.offset > back;
    };
    learned_ = payload.size() <= payload_bytes_max && fit(edits, payload.size()) &&
               std::ranges::all_of(edits, apart);
    if (!learned_) {
        return;
    }
    front_.came.assign(payload.substr(0, front));
    back_.came.assign(payload.substr(back));
    assign_edited(front_.sent, front_.came, 0, edits);
    assign_edited(back_.sent, back_.came, back, edits);
}

bool text_twin::matches(std::string_view payload) const {
    return learned_ && payload.size() >= front_.came.size() + back_.came.size() &&
           payload.starts_with(front_.came) && payload.ends_with(back_.came) &&
           string_end(payload, front_.came.size() - 1) ==
               payload.size() - back_.came.size() + 1;
}

void text_twin::append(std::string& out, std::string_view payload) const {
    out += front_.sent;
    out += payload.substr(front_.came.size(),
                          payload.size() - front_.came.size() - back_.came.size());
    out += back_.sent;
}

} // namespace vertex_relay::core
