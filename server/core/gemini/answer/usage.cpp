#include "core/gemini/answer/usage.hpp"

#include "core/ascii.hpp"
#include "core/gemini/edited_text.hpp"

#include <fmt/format.h>

namespace vertex_relay::core {

namespace {

std::optional<std::uint64_t> number(std::optional<located_value> holder, std::string_view key) {
    auto value = holder ? holder->find(key) : std::nullopt;
    return value ? ascii::parse_decimal<std::uint64_t>(value->text()) : std::nullopt;
}

} // namespace

token_usage read_usage(located_value usage) {
    token_usage out{.input = number(usage, "prompt_tokens").value_or(0),
                    .output = number(usage, "completion_tokens").value_or(0),
                    .total = number(usage, "total_tokens").value_or(0),
                    .cached = number(usage.find("prompt_tokens_details"), "cached_tokens"),
                    .reasoning =
                        number(usage.find("completion_tokens_details"), "reasoning_tokens")};
    auto hidden = out.generated() - out.output;
    if (hidden > 0 && out.reasoning.value_or(0) == 0) {
        out.reasoning = hidden;
    }
    return out;
}

std::vector<edit> usage_edits(located_value usage, token_usage const& counts) {
    auto completion = usage.find("completion_tokens");
    auto beside = counts.generated() - counts.output;
    bool thought = beside > 0 && counts.reasoning == beside;
    if (completion && !thought) {
        return {};
    }
    auto details = thought && !usage.find("completion_tokens_details")
                       ? fmt::format(R"(,"completion_tokens_details":{{"reasoning_tokens":{}}})",
                                     beside)
                       : std::string();
    auto count = fmt::format("{}{}", counts.generated(), details);
    std::vector<edit> edits;
    if (completion) {
        edits.push_back({completion->offset(), completion->length(), std::move(count)});
    } else {
        insert_member(edits, usage, "\"completion_tokens\":" + count);
    }
    return edits;
}

} // namespace vertex_relay::core
