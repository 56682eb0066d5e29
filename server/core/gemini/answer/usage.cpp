#include "core/gemini/answer/usage.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

namespace vertex_relay::core {

namespace {

std::uint64_t count(std::optional<located_value> value) {
    return value ? ascii::parse_decimal<std::uint64_t>(value->text()).value_or(0) : 0;
}

} // namespace

std::vector<edit> usage_edits(located_value usage) {
    auto completion = usage.find("completion_tokens");
    auto details = usage.find("completion_tokens_details");
    auto reasoning = details ? count(details->find("reasoning_tokens")) : 0;
    auto listed = count(usage.find("prompt_tokens")) + count(completion);
    auto total = count(usage.find("total_tokens"));
    if (!completion || total <= listed || (reasoning > 0 && total != listed + reasoning)) {
        return {};
    }
    auto hidden = total - listed; // reasoning, told or not
    std::vector<edit> edits{{completion->offset(), completion->length(),
                             std::to_string(count(completion) + hidden)}};
    if (reasoning == 0 && !details) {
        edits.push_back({completion->end_offset(), 0,
                         fmt::format(R"(,"completion_tokens_details":{{"reasoning_tokens":{}}})",
                                     hidden)});
    }
    return edits;
}

} // namespace vertex_relay::core
