#pragma once
// What a request tells about the answer it wants: decided while the request is repaired, kept until
// its answer has passed.

#include "core/gemini/repair.hpp"
#include "core/gemini/tool_names.hpp"

#include <string>

namespace vertex_relay::core {

struct answer_wishes {
    repair_set enabled = repair_set::all(); ///< empty on routes that pass through
    bool stream = false;
    bool include_usage = false; ///< `stream_options.include_usage`
    tool_names names = {};      ///< back to those the client wrote
    /// `thought_tag_marker`: thoughts stand in `<tag>…</tag>`. Empty: none was asked for.
    std::string thought_tag = {};
};

} // namespace vertex_relay::core
