#include "core/gemini/answer/finish_reason.hpp"

#include "core/ascii.hpp"

#include <algorithm>
#include <array>

namespace vertex_relay::core {

namespace {

bool is_one_of(std::string_view reason, auto const& words) {
    return std::ranges::any_of(
        words, [&](std::string_view word) { return ascii::iequals(word, reason); });
}

} // namespace

std::string_view openai_finish_reason(std::string_view reason, bool called) {
    constexpr std::array<std::string_view, 2> cut{"length", "max_tokens"};
    constexpr std::array<std::string_view, 9> filtered{
        "content_filter", "safety", "blocklist", "prohibited_content", "spii", "recitation",
        "image_safety", "image_prohibited_content", "image_recitation"};
    reason = reason.substr(0, reason.find(':')); // "content_filter: SPII"
    if (is_one_of(reason, cut)) {
        return "length";
    }
    if (is_one_of(reason, filtered)) {
        return "content_filter";
    }
    return called ? "tool_calls" : "stop";
}

} // namespace vertex_relay::core
