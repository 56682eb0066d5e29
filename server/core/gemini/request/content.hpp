#pragma once
// The content of a message: what is empty, and parts that Vertex takes in another form.

#include "core/gemini/request/job.hpp"

namespace vertex_relay::core {

/// Null, missing, `""`, `[]`, or an array of nothing but empty text parts.
bool says_nothing(std::optional<located_value> content);

/// Appends the edits of an array of parts: empty texts go, `file`, `refusal` and the part types of
/// /v1/responses take Vertex's form, audio formats become media types, `detail` is dropped where
/// it may not differ.
void repair_parts(located_value content, repair_job& job, std::vector<edit>& edits);

/// The text parts of a tool's result as one JSON string; nullopt if there are others.
std::optional<std::string> joined_text(located_value content);

} // namespace vertex_relay::core
