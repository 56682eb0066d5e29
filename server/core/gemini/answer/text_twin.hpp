#pragma once
// Most events of an answer differ from the one before in their text and in nothing else. Such a
// twin is told by two comparisons of bytes, and what was done to the first is done to it, without
// reading its JSON.
//
//     {"choices":[{"delta":{"content":"He","role":"assistant"},"index":0}],"id":"x"}
//     └──────────── front ───────────┘  └──────────────── back ──────────────────┘

#include "core/edit.hpp"
#include "core/gemini/located_json.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::core {

class text_twin {
public:
    /// `edits`, sorted, were made on `payload`, whose text is the string `content`; they would be
    /// the same for any other text. Not learned if they touch the text.
    void learn(std::string_view payload, located_value content, std::vector<edit> const& edits);
    void forget() { learned_ = false; }

    /// Whether `payload` is the learned one with another text.
    bool matches(std::string_view payload) const;
    /// Appends a payload that matches, edited.
    void append(std::string& out, std::string_view payload) const;

private:
    struct part {
        std::string came; ///< with the quote of the text
        std::string sent;
    };
    part front_;
    part back_;
    bool learned_ = false;
};

} // namespace vertex_relay::core
