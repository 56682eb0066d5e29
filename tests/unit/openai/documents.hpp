#pragma once
// Random request bodies, as no client would write them and every client may.

#include <random>
#include <string>
#include <string_view>

namespace vertex_relay::tests {

class document_maker {
public:
    explicit document_maker(unsigned seed) : random_(seed) {}

    /// A JSON object with unlike keys, odd blanks, escapes and nesting. `model`, a string, is among
    /// the members in two of three.
    std::string object();
    /// Any JSON value, at most `depth` levels deep.
    std::string value(int depth);
    /// A JSON string with quotes, some of its characters escaped in one of their forms.
    std::string string_text();
    /// `text` as a JSON string, each character plain or as `\uXXXX`. ASCII letters only.
    std::string spelled(std::string_view text);
    /// `text` with one byte taken out, put in, replaced, or the end cut off.
    std::string broken(std::string text);

    std::size_t below(std::size_t limit);

private:
    std::string blanks();
    std::string number();
    std::string list(int depth);
    std::string nested(int depth);

    std::mt19937 random_;
};

/// `text` with the padding behind it that the parser needs; the view stays valid as long as this.
class padded_body {
public:
    explicit padded_body(std::string_view text) : text_(text), size_(text.size()) {
        text_.append(64, ' ');
    }
    std::string_view view() const { return std::string_view(text_).substr(0, size_); }

private:
    std::string text_;
    std::size_t size_;
};

} // namespace vertex_relay::tests
