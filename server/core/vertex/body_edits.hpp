#pragma once
// What a body must have changed for one target. Targets differ, so each try has edits of its own.

#include "core/openai/chat_request.hpp"
#include "core/vertex/target.hpp"

#include <string_view>
#include <vector>

namespace vertex_relay::core {

/// The edits of `body`, which `request` describes, sorted by offset.
std::vector<edit> body_edits(chat_request const& request, std::string_view body,
                             target const& where);

} // namespace vertex_relay::core
