#include "core/gemini/repair.hpp"

#include <algorithm>
#include <array>

namespace vertex_relay::core {

namespace {

constexpr std::array<std::string_view, repair_count> names_in_order{
    "roles",       "empty_content",  "split_calls",      "tool_results", "tool_result_names",
    "call_arguments", "last_turn",   "content_parts",    "message_keys", "max_tokens",
    "reasoning",   "tool_choice",    "google_extension", "parameters",   "schemas",
    "tool_names",  "signatures",     "roles_once",       "tool_calls",   "finish_reasons",
    "usage",       "thoughts",       "media",            "missing_fields"};

} // namespace

std::string_view name_of(repair one) { return names_in_order.at(static_cast<std::size_t>(one)); }

std::optional<repair> find_repair(std::string_view name) {
    auto const* found = std::ranges::find(names_in_order, name);
    if (found == names_in_order.end()) {
        return std::nullopt;
    }
    return static_cast<repair>(found - names_in_order.begin());
}

std::span<std::string_view const> repair_names() { return names_in_order; }

std::string repair_set::names() const {
    std::string text;
    if (bits_.none()) {
        return text;
    }
    for (std::size_t i = 0; i < repair_count; ++i) {
        if (bits_.test(i)) {
            text += text.empty() ? "" : ",";
            text += names_in_order.at(i);
        }
    }
    return text;
}

} // namespace vertex_relay::core
