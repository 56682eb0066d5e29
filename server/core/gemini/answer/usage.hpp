#pragma once
// Token counts in OpenAI's convention: reasoning is part of what was completed. Vertex counts it
// beside, the Gemini Developer API only in the total.
//
//     Vertex   {"completion_tokens":3,"completion_tokens_details":{"reasoning_tokens":20},
//               "prompt_tokens":2000,"total_tokens":2023}
//     OpenAI   {"completion_tokens":23,…}

#include "core/edit.hpp"
#include "core/gemini/located_json.hpp"
#include "core/token_usage.hpp"

#include <vector>

namespace vertex_relay::core {

/// The counts of a `usage` object, reasoning with them even where only the total tells of it.
token_usage read_usage(located_value usage);

/// The edits of a `usage` object with these counts; none if it adds up as OpenAI's does.
std::vector<edit> usage_edits(located_value usage, token_usage const& counts);

} // namespace vertex_relay::core
