#pragma once
// A chat completion request, read as far as the simulator cares. Unknown keys are ignored, as
// Google documents; what is read is only views into the document.

#include "simulator/json_view.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::simulator {

/// Bends of the ordinary answer that are not faults of the connection; see `fault_catalogue`.
struct chat_bends {
    bool developer_api = false;      ///< the Gemini Developer API's dialect: no index, `stop`
    bool streamed_arguments = false; ///< tool arguments in fragments with a flipping index
    bool thoughts = false;           ///< as if include_thoughts had been asked for
    bool image = false;              ///< an image in `message.audio`
    bool no_content = false;         ///< all tokens went into thinking: no `content` at all
    std::uint64_t parallel_calls = 0;
    std::string finish_reason; ///< replaces the real one; the text is left out
};

struct chat_request {
    json body;
    std::string_view model; ///< empty if absent
    bool has_model = false;
    bool stream = false;
    bool include_usage = false;      ///< stream_options, obeyed by containers alone
    bool include_thoughts = false;
    bool streamed_arguments = false;
    std::string_view thought_marker;
    std::vector<json> messages;
    std::vector<json> functions; ///< the `function` objects of `tools`, or `functions`
    bool legacy_functions = false;
    std::int64_t max_tokens = 0; ///< 0: unlimited
    std::int64_t choices = 1;
    chat_bends bends;
};

/// Reads the top level; messages that are no array are none.
chat_request read_chat_request(json body);

std::string_view role_of(json message);

/// The text of a message: its string content, or its text parts one after the other.
std::string message_text(json message);

/// The place of a model name: `google/gemini-3.5-flash` has publisher google, generation 3.
struct model_name {
    std::string_view publisher;
    std::string_view id;
    int generation = 0; ///< of Gemini models; simulated ones (`sim-…`) count as the newest
};
/// A name without a slash has an empty publisher.
model_name split_model(std::string_view name);

} // namespace vertex_relay::simulator
