#pragma once
// What an answer cost in tokens.

#include <cstdint>
#include <optional>

namespace vertex_relay::core {

struct token_usage {
    std::uint64_t input = 0;
    std::uint64_t output = 0;
    std::uint64_t total = 0;                ///< 0: not said
    std::optional<std::uint64_t> cached;    ///< of the input
    std::optional<std::uint64_t> reasoning; ///< of what was generated

    /// Output with reasoning, which Vertex counts beside the output and OpenAI in it: the total
    /// tells both.
    std::uint64_t generated() const {
        bool more = total > input && total - input > output;
        return more ? total - input : output;
    }
};

} // namespace vertex_relay::core
