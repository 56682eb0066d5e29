#pragma once
// What Vertex AI says when it fails, read into OpenAI's terms: Google's object, the array around
// it on the `openapi` endpoint, a container's own shape, HTML or plain text.

#include "core/failure.hpp"
#include "core/vertex/target.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace vertex_relay::core {

struct upstream_answer {
    unsigned status = 0;
    std::string_view content_type;
    std::string_view retry_after; ///< the header's value; empty if absent
    std::string_view body;
    std::string_view model_advice = {}; ///< a sentence for a 404 to a published model; may be empty
};

/// What stands in the way of every request of this account or project, not only of this one.
enum class obstacle : unsigned char {
    none,
    api_disabled,
    wrong_project,
    quota_project_denied,
    scope_missing,
    role_missing,
};

/// Read from what Google said (`failure::google`); `none` for failures that are not Google's.
obstacle find_obstacle(failure const& from_google, target const& where);

/// Never fails: whatever came becomes a failure with a sentence that says what to do.
failure read_google_error(upstream_answer const& answer, target const& where);

/// A 200 that is no answer: an error object, a web page, nothing, or JSON that has no end. Nullopt:
/// an answer, as far as that can be told without reading all of it.
std::optional<failure> find_disguised_error(std::string_view body, target const& where);

/// The same for JSON that came in the middle of a stream, where no status says what it is.
failure read_stream_error(std::string_view text, target const& where);

} // namespace vertex_relay::core
