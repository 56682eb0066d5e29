#pragma once
// Vertex's native surfaces that a relay may translate to: text embeddings, the model list, and the
// `:predict` wrapper around a container's chat.

#include "simulator/answer.hpp"
#include "simulator/chat_service.hpp"
#include "simulator/request.hpp"

#include <optional>
#include <string_view>

namespace vertex_relay::simulator {

/// `publishers/google/models/{model}:{predict|embedContent}` under a location; nothing for another
/// path. gemini-embedding-001 takes one instance a call and gemini-embedding-2 `embedContent` only,
/// as the real ones do. Numbers are made from the text alone.
std::optional<answer> answer_publisher_path(std::string_view rest, json body);

/// `embeddings` under `endpoints/openapi`: the two e5 models, in OpenAI's shape.
answer answer_openapi_embeddings(json body, std::string_view location);

/// `endpoints/{id}:predict` with `"@requestFormat": "chatCompletions"`: `predictions` is the chat
/// completion itself, an object.
answer answer_chat_wrapper(json body, chat_scene const& scene);

/// `GET /{version}/publishers/google/models`.
answer model_list();

} // namespace vertex_relay::simulator
