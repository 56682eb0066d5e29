#pragma once
// What a `delta` and a `message` have in common: thoughts, media, tool calls.

#include "core/gemini/answer/call_log.hpp"
#include "core/gemini/answer_wishes.hpp"
#include "core/edit.hpp"
#include "core/gemini/located_json.hpp"

#include <vector>

namespace vertex_relay::core {

/// Of one choice, over the whole answer.
struct choice_state {
    std::uint64_t index = 0;
    bool role_seen = false;
    bool finished = false;
    bool thinking = false; ///< the last text was a thought
    call_log calls;
};

/// Where repairs of an answer put what they do.
struct answer_job {
    answer_wishes const& wishes;
    std::vector<edit>& edits;
    repair_set& made;
    std::string_view seed; ///< the id of the answer

    bool wants(repair one) const { return wishes.enabled.has(one); }
    void replace(repair why, located_value value, std::string text) {
        made.add(why);
        edits.push_back({value.offset(), value.length(), std::move(text)});
    }
};

/// Thoughts become `reasoning_content`, so that no client shows them as the answer.
void repair_thoughts(located_value message, choice_state& state, answer_job& job);

/// The member `images` for an image that stands beside the message of `choice`.
std::optional<std::string> image_beside(located_value choice);

/// Images that Vertex sends as `audio` or beside the message become `images` with data: URIs, as
/// OpenRouter's clients read them.
void repair_media(located_value choice, located_value message, answer_job& job);

/// Index, id, type and arguments of each call; names as the client wrote them; signatures are
/// noted.
void repair_answer_calls(located_value message, choice_state& state, answer_job& job);

} // namespace vertex_relay::core
