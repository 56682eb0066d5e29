#pragma once
// Tools, functions, the choice among them, and the schema of an answer.

#include "core/gemini/request/job.hpp"

namespace vertex_relay::core {

/// Names every function of the request, so that names can be mapped everywhere. Comes first.
void read_tool_names(located_value root, repair_job& job);

void repair_tools(located_value root, repair_job& job);

/// `response_format`: schemas, and what OpenAI allows beside them.
void repair_response_format(located_value root, repair_job& job);

} // namespace vertex_relay::core
