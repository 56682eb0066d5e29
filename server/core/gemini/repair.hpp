#pragma once
// The repairs that Gemini routes make on requests and answers, by name. The names are a contract:
// `repairs.disable` turns one off, the access line and `x-vertex-relay-repairs` say which were
// made.

#include <bitset>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace vertex_relay::core {

enum class repair : std::uint8_t {
    // of the request
    roles,             ///< `developer` becomes `system`
    empty_content,     ///< empty contents and parts become null or go
    split_calls,       ///< text beside tool calls becomes a turn of its own
    tool_results,      ///< results are put behind their calls, missing ones added, orphans dropped
    tool_result_names, ///< `name` is added to tool results
    call_arguments,    ///< arguments of past calls become a JSON object
    last_turn, ///< a conversation of empty turns, only `system`, or the model's last word goes on
    content_parts, ///< files, audio formats, `detail`
    message_keys,  ///< keys Vertex does not know are taken out of messages and parts
    max_tokens,    ///< clamped to what the model can write
    reasoning,     ///< `reasoning` and `reasoning_effort` become what the model takes
    tool_choice,   ///< a named function becomes `required` with that one tool
    google_extension, ///< a top-level `google` moves into `extra_body`
    parameters,       ///< parameters Vertex refuses or ignores are taken out
    schemas,          ///< JSON Schema becomes Google's subset
    tool_names,       ///< function names Google refuses are mapped there and back
    signatures,       ///< thought signatures are remembered and put back
    // of the answer
    roles_once,     ///< `role` only in the first delta of a choice
    tool_calls,     ///< index, id and type of tool calls; fragments under one index
    finish_reasons, ///< one of OpenAI's words, always there at a normal end
    usage,          ///< reasoning counted in; a chunk of its own, only if asked for
    thoughts,       ///< thoughts, asked for in tags where needed, become `reasoning_content`
    media,          ///< images where OpenAI's clients look for them
    missing_fields, ///< a missing `message` or `content` is filled in
};
inline constexpr std::size_t repair_count = static_cast<std::size_t>(repair::missing_fields) + 1;

std::string_view name_of(repair one);
std::optional<repair> find_repair(std::string_view name);
/// Every name, in the order of the enumeration.
std::span<std::string_view const> repair_names();

class repair_set {
public:
    static repair_set all() {
        repair_set every;
        every.bits_.set();
        return every;
    }

    void add(repair one) { bits_.set(static_cast<std::size_t>(one)); }
    void remove(repair one) { bits_.reset(static_cast<std::size_t>(one)); }
    bool has(repair one) const { return bits_.test(static_cast<std::size_t>(one)); }
    bool empty() const { return bits_.none(); }
    repair_set& operator|=(repair_set const& other) {
        bits_ |= other.bits_;
        return *this;
    }

    /// `roles,max_tokens`: in the order of the enumeration; empty for none.
    std::string names() const;

private:
    std::bitset<repair_count> bits_;
};

} // namespace vertex_relay::core
