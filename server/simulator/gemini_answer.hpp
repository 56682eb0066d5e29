#pragma once
// A chat completion in the dress of `endpoints/openapi`: keys alphabetical at every level, no
// `chatcmpl-` prefix, role in every delta, usage on the last chunk, no null fields but logprobs.

#include "simulator/answer.hpp"
#include "simulator/chat_content.hpp"

#include <ctime>

namespace vertex_relay::simulator {

/// What every chunk of one answer has in common.
struct answer_stamp {
    std::string id;
    std::string model; ///< echoed as asked for
    std::time_t created = 0;
};

/// Google models get a base64url id; open models one of date, address and number (capture 05).
answer_stamp make_stamp(chat_request const& request, std::time_t now);

/// The whole JSON document.
std::string gemini_document(chat_request const& request, chat_content const& content,
                            answer_stamp const& stamp);

/// Server-sent events, `[DONE]` last.
std::vector<std::string> gemini_events(chat_request const& request, chat_content const& content,
                                       answer_stamp const& stamp);

/// One event that carries `text`, neither first nor last.
std::string gemini_text_event(std::string_view text, answer_stamp const& stamp);

inline constexpr std::string_view done_event = "data: [DONE]\n\n";

} // namespace vertex_relay::simulator
