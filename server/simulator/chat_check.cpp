#include "simulator/chat_check.hpp"

#include "simulator/tool_check.hpp"
#include "simulator/turn_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace vertex_relay::simulator {

namespace {

std::optional<google_error> check_effort(chat_request const& chat) {
    auto effort = member(chat.body, "reasoning_effort");
    if (!effort || effort->is_null()) {
        return std::nullopt;
    }
    constexpr std::array known{"none", "minimal", "low", "medium", "high"};
    if (std::ranges::find(known, text_or(effort, "")) == known.end()) {
        return invalid_argument(fmt::format("Invalid reasoning_effort: {}. Valid values are: none, "
                                            "minimal, low, medium, high.",
                                            text_or(effort, "?")));
    }
    auto google = member(member(chat.body, "extra_body"), "google");
    return member(google, "thinking_config")
               ? std::optional(invalid_argument("Only one of reasoning_effort and thinking_config "
                                                "can be set."))
               : std::nullopt;
}

} // namespace

std::optional<google_error> check_chat(chat_request const& chat) {
    auto wrong = check_turns(chat);
    // Gemini's converters alone are strict about schemas; open models take JSON Schema.
    if (!wrong && split_model(chat.model).publisher == "google") {
        wrong = check_tools(chat);
        wrong = wrong ? wrong : check_response_format(chat);
    }
    return wrong ? wrong : check_effort(chat);
}

} // namespace vertex_relay::simulator
