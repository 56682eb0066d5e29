#pragma once
// Requests as text in, repaired requests as text out.

#include "core/gemini/request_repair.hpp"

#include <string>
#include <string_view>

namespace vertex_relay::tests {

struct repaired_text {
    std::string body;
    std::string repairs; ///< names, comma-separated
    std::string note;
    core::answer_wishes wishes;
};

/// The rules of a model, all repairs on.
core::repair_rules rules_for(std::string_view model);

/// Fails the test if the request cannot be repaired, or if repairing it again changes it once more.
repaired_text repaired(std::string_view body, core::repair_rules const& rules);
repaired_text repaired(std::string_view body);

/// `{"model":"google/gemini-3.5-flash","messages":[…]}`
std::string conversation(std::string_view messages);
/// The messages of a repaired conversation.
std::string repaired_messages(std::string_view messages);

} // namespace vertex_relay::tests
