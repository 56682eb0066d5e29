#pragma once
// Token counts in OpenAI's convention: reasoning is part of what was completed. Vertex counts it
// beside, the Gemini Developer API only in the total.
//
//     Vertex   {"completion_tokens":3,"completion_tokens_details":{"reasoning_tokens":20},
//               "prompt_tokens":2000,"total_tokens":2023}
//     OpenAI   {"completion_tokens":23,…}

#include "core/edit.hpp"
#include "core/gemini/located_json.hpp"

#include <vector>

namespace vertex_relay::core {

/// The edits of a `usage` object; none if it adds up as OpenAI's does.
std::vector<edit> usage_edits(located_value usage);

} // namespace vertex_relay::core
