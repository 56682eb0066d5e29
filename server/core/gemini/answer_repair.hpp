#pragma once
// From what Gemini on Vertex AI answers to what an OpenAI client trusts, event by event. An event
// that needs no change is passed on as the bytes it came in; most need only their `role` taken out,
// as the one before, which costs no look at the JSON.
//
//     data: {"choices":[{"delta":{"content":"He","role":"assistant"},"index":0,…}],…}
//                                              └──── from the second delta on: out ────┘

#include "core/gemini/answer/message.hpp"
#include "core/gemini/answer/text_twin.hpp"
#include "core/gemini/answer_wishes.hpp"
#include "core/gemini/located_json.hpp"
#include "core/gemini/signature_memory.hpp"
#include "core/token_usage.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::core {

/// Takes a signature that came with a call. The views live for the call of the function.
using signature_sink = std::function<void(signed_call const&, std::string_view signature)>;

class answer_repair {
public:
    /// `tree` is scratch that may be shared with whatever else does not run meanwhile.
    answer_repair(answer_wishes wishes, located_json& tree, signature_sink remember);

    /// Whole events, as they stood in the stream. Returns them as they are, or what to send
    /// instead, in `scratch`; both live until the next call.
    std::string_view events(std::string_view whole, std::string& scratch);

    /// A whole answer. Returns it as it is, or what to send instead, in `scratch`.
    std::string_view answer(std::string_view json, std::string& scratch);

    /// The stream ended well without `[DONE]`: what is still owed in front of it, else empty.
    std::string ending();

    /// An answer that is not repaired would be wrong, not only rough: it has names or tags that the
    /// client did not write.
    bool is_needed() const { return !wishes_.names.empty() || !wishes_.thought_tag.empty(); }

    repair_set const& made() const { return made_; }
    /// Nothing until they have come.
    std::optional<token_usage> const& counts() const { return counts_; }

private:
    struct event {
        std::string_view all;     ///< with its blank line
        std::string_view payload; ///< behind `data:`; empty for comments
    };

    static event next_event(std::string_view text);
    void repair_event(event const& one, std::string& out);
    bool repair_payload(std::string_view payload, std::string& out);
    std::optional<located_value> text_of_twins(located_value chunk) const;
    void repair_chunk(located_value chunk);
    void repair_delta(located_value choice, located_value delta, choice_state& state);
    void repair_role(located_value delta, choice_state& state);
    void repair_reason(located_value choice, choice_state& state);
    void repair_usage(located_value chunk);
    std::optional<located_value> find_usage(located_value holder);
    void repair_message(located_value choice, choice_state& state);
    void complete_reason(located_value choice, choice_state& state);
    void add_choice(located_value root);
    void fill_in(repair why, located_value holder, std::optional<located_value> old,
                 std::string member);
    void note_identity(located_value chunk);
    void note_id(located_value answer);
    void remember(choice_state const& state);
    choice_state& state_of(located_value choice);
    std::string frame_chunk(std::string_view choices, std::string_view more) const;
    answer_job job() { return {wishes_, edits_, made_, id_}; }
    bool wants(repair one) const { return wishes_.enabled.has(one); }

    answer_wishes wishes_;
    located_json& tree_;
    signature_sink remember_;
    std::vector<choice_state> choices_;
    std::vector<edit> edits_;
    text_twin twin_;
    repair_set made_;
    std::string id_;    ///< of the answer
    std::string head_;  ///< `"created":…,"id":…,"model":…`, for chunks of our own
    std::string usage_; ///< held back for a chunk of its own
    std::optional<token_usage> counts_;
    bool drops_chunk_ = false;
    bool ended_ = false;
};

} // namespace vertex_relay::core
