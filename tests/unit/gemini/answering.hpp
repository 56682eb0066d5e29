#pragma once
// Answers as Vertex writes them, and a repair that takes them.

#include "core/gemini/answer_repair.hpp"

#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>

namespace vertex_relay::tests {

using namespace vertex_relay::core;

struct remembered {
    std::string id;
    std::string name;
    std::string arguments;
    std::string signature;
    bool operator==(remembered const&) const = default;
};

/// One answer's repair with what it remembers.
struct bench {
    explicit bench(answer_wishes wishes)
        : repair(
              std::move(wishes), tree, [this](signed_call const& one, std::string_view signature) {
                  calls[std::string(one.id)] = {std::string(one.id), std::string(one.name),
                                                std::string(one.arguments), std::string(signature)};
              }) {}
    std::string events(std::string_view text) { return std::string(repair.events(text, scratch)); }
    std::string answer(std::string_view text) { return std::string(repair.answer(text, scratch)); }

    located_json tree;
    std::string scratch;
    std::map<std::string, remembered> calls;
    answer_repair repair;
};

inline answer_wishes streaming(bool usage = false) {
    return {.stream = true, .include_usage = usage};
}

/// An event as Vertex writes it: `choice` is the inside of the one choice.
inline std::string chunk(std::string_view choice, std::string_view more = "") {
    return fmt::format(R"(data: {{"choices":[{{{}}}],"created":7,"id":"a","model":"google/g",)"
                       R"("object":"chat.completion.chunk","system_fingerprint":""{}}})"
                       "\n\n",
                       choice, more);
}

inline std::string text(std::string_view words, bool role) {
    return chunk(fmt::format(R"("delta":{{"content":"{}"{}}},"index":0,"logprobs":null)", words,
                             role ? R"(,"role":"assistant")" : ""));
}

inline constexpr auto done = "data: [DONE]\n\n";

} // namespace vertex_relay::tests
