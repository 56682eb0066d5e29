#pragma once
// Why an answer ended, in the words OpenAI's clients know.

#include <string_view>

namespace vertex_relay::core {

/// `stop`, `length`, `tool_calls` or `content_filter`. Gemini's own words (google.cloud.aiplatform
/// FinishReason) leak through in any case; one that OpenAI has no word for is `stop`. `called`: the
/// answer held tool calls.
std::string_view openai_finish_reason(std::string_view reason, bool called);

} // namespace vertex_relay::core
