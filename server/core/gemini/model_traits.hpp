#pragma once
// What a Gemini model takes and can do, as far as repairs depend on it. Read from its name, since
// names follow a pattern and new ones appear every few weeks.

#include <cstdint>
#include <string_view>

namespace vertex_relay::core {

/// How `reasoning_effort` is understood (Google: "OpenAI compatibility").
enum class thinking : std::uint8_t {
    none,     ///< the model does not think: the parameter is refused
    budget,   ///< Gemini 2.5: low, medium, high
    levels,   ///< Gemini 3 Flash: minimal, low, medium, high
    no_minimal ///< Gemini 3 Pro: low, medium, high
};

struct model_traits {
    unsigned generation = 0; ///< 2 for 2.5, 3 for 3.8; 3 where the name does not tell
    thinking thinks = thinking::levels;
    std::uint64_t output_tokens = 65'536; ///< the most one answer may have

    /// From Gemini 3 on tool calls carry signatures that must come back.
    bool signs_calls() const { return generation >= 3; }
    /// Before Gemini 3 all media of a request must have the same resolution.
    bool uniform_detail() const { return generation < 3; }
};

/// `name` is `google/gemini-…`. Gemma and embeddings are not Gemini.
bool is_gemini(std::string_view name);
model_traits traits_of(std::string_view name);

} // namespace vertex_relay::core
