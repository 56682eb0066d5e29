#pragma once
// From what an OpenAI tool sends to what Gemini on Vertex AI takes, as edits on the original bytes:
// only what must change changes (Google: "OpenAI compatibility"; the turn rules are those its
// errors name). A request that needs nothing gets no edit.

#include "core/edit.hpp"
#include "core/failure.hpp"
#include "core/gemini/answer_wishes.hpp"
#include "core/gemini/located_json.hpp"
#include "core/gemini/model_traits.hpp"
#include "core/gemini/signature_memory.hpp"

#include <functional>
#include <string>
#include <vector>

namespace vertex_relay::core {

/// The signature a past call came with, if it is remembered.
using signature_source = std::function<std::optional<std::string>(signed_call const&)>;

struct repair_rules {
    model_traits model;
    repair_set enabled = repair_set::all();
    signature_source signatures = {}; ///< empty: none is remembered
};

struct repaired_request {
    std::vector<edit> edits; ///< sorted by offset, never overlapping; `model` is not among them
    repair_set made;
    answer_wishes wishes;
    std::string note; ///< what the caller asked for and cannot have; empty: nothing
};

/// `root` is the body, already known to be a valid JSON object. Failures: 400 with `param`, for
/// what no edit can save (a schema that is none, a file that is only an id).
result<repaired_request> repair_request(located_value root, repair_rules const& rules);

} // namespace vertex_relay::core
