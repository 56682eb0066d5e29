#pragma once
// One message of the conversation, and what becomes of it.

#include "core/gemini/request/job.hpp"

#include <string>
#include <vector>

namespace vertex_relay::core {

enum class speaker : std::uint8_t { system, user, assistant, tool, function, other };

struct turn {
    located_value message;
    speaker role = speaker::other;
    std::vector<located_value> calls = {}; ///< `tool_calls`
    std::optional<located_value> function_call = {}; ///< what came before `tool_calls`
    std::optional<located_value> refusal = {};       ///< all that an assistant said
    bool empty = false;                              ///< neither content nor calls
    bool dropped = false;
    std::vector<edit> edits = {};          ///< inside the message
    std::string before = {};               ///< a message to put in front, ending in a comma
    std::string after = {};                ///< messages to put behind, each after a comma
};

/// Reads a message; nothing is changed yet.
turn read_turn(located_value message, repair_job const& job);

/// Repairs inside one message: role, keys, contents, past calls. Fills `edits` and `before`.
void repair_turn(turn& one, repair_job& job);

/// `"tool_call_id"`, unescaped; empty if there is none.
std::string result_id(turn const& one);

} // namespace vertex_relay::core
