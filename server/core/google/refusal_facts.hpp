#pragma once
// What is known about an answer that gave no token, and the failures made of it. For the .cpp files
// that explain refusals.

#include "core/google/token_answer.hpp"
#include "core/google/token_refusal.hpp"

#include <string>
#include <string_view>

namespace vertex_relay::core::google {

struct refusal_facts {
    credential const& from;
    token_response const& response;
    answer_conditions const& when;
    token_refusal said;
};

/// ` (authorized_user from /path)`, the end of every message.
std::string origin_line(credential const& from);

/// The three classes: `text` says what to do; Google's words and the origin are put behind it.
token_error permanent_refusal(refusal_facts const& facts, std::string_view what, std::string text);
token_error slow_refusal(refusal_facts const& facts, std::string_view what, std::string text);
token_error passing_refusal(refusal_facts const& facts, std::string text);

/// Whether the status or OAuth's word means that the server itself is in trouble.
bool passes_by_itself(refusal_facts const& facts);

/// 429, or whatever else `passes_by_itself`; `who` begins the sentence.
token_error explain_passing(refusal_facts const& facts, std::string_view who);

} // namespace vertex_relay::core::google
