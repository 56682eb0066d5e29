#pragma once
// Self-deployed containers: the shapes of vLLM and of Text Generation Inference, which are those of
// OpenAI with their own null fields. `stream_options` is obeyed.

#include "simulator/answer.hpp"
#include "simulator/chat_content.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::simulator {

/// The name under which every simulated container serves its model.
inline constexpr std::string_view served_model = "google/gemma-3-12b-it";

enum class engine { vllm, tgi };

struct container {
    simulator::engine engine = engine::vllm;
    std::int64_t now = 0; ///< Unix seconds
    std::string id;       ///< of vLLM's answers, `chatcmpl-…`
};

container make_container(std::string_view endpoint_id, std::int64_t now);

/// vLLM if the id's last digit is even, else TGI.
engine engine_of(std::string_view endpoint_id);

/// No model, an empty one or the served name.
bool serves(chat_request const& chat);

answer container_model_not_found(chat_request const& chat, container const& dress);

std::string container_document(chat_content const& content, container const& dress);
std::vector<std::string> container_events(chat_request const& chat, chat_content const& content,
                                          container const& dress);
std::string container_text_event(std::string_view text, container const& dress);

} // namespace vertex_relay::simulator
