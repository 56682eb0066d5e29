#pragma once
// What the simulated model says: the same request always gets the same words.

#include "simulator/chat_request.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace vertex_relay::simulator {

struct function_call {
    std::string id; ///< `function-call-<uuid>`
    std::string name;
    std::string arguments; ///< JSON text
    std::string signature; ///< base64; empty if this call carries none
};

struct chat_choice {
    std::string thought; ///< shown before the text, with its tags if tags were asked for
    std::string text;
    std::vector<function_call> calls;
    std::string finish_reason = "stop";
};

struct chat_content {
    std::vector<chat_choice> choices;
    std::int64_t prompt_tokens = 0;
    std::int64_t completion_tokens = 0; ///< without reasoning, as Vertex counts
    std::int64_t reasoning_tokens = 0;
    bool legacy_call = false; ///< answer with `function_call` instead of `tool_calls`
};

/// Text: `You said: …` and a stable tail. A request with tools whose last message comes from the
/// user gets calls: of the tool that tool_choice names, else of those the user's text names, else
/// of the first. `Use a and b, then c.` asks for calls in two steps: those of the second follow the
/// results of the first. max_tokens, stop, n, response_format and reasoning are honoured.
chat_content compose(chat_request const& request);

/// The text in the pieces in which it is streamed: three to five, cut after spaces where possible.
std::vector<std::string_view> deltas_of(std::string_view text);

} // namespace vertex_relay::simulator
