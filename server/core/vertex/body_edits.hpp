#pragma once
// What a body must have changed for one target. Targets differ, so each try has edits of its own.

#include "core/gemini/request_repair.hpp"
#include "core/openai/chat_request.hpp"
#include "core/vertex/target.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::core {

struct body_changes {
    std::vector<edit> edits; ///< sorted by offset, never overlapping
    repair_set repairs;      ///< that the edits make
    std::string note;        ///< what the caller asked for and cannot have; empty: nothing
    std::optional<answer_wishes> wishes; ///< set: the answer is to be repaired
};

/// What repairs depend on besides request and target.
struct repair_means {
    repair_set enabled;
    located_json& tree; ///< scratch; nothing of it is kept
    signature_source signatures;
};

/// The changes of `body`, which `request` describes, for `where`. Where nothing is repaired that is
/// the value of `model` alone. Failures: those of `repair_request`.
result<body_changes> body_edits(chat_request const& request, std::string_view body,
                                target const& where, repair_means const& means);

} // namespace vertex_relay::core
