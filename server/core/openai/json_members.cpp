#include "core/openai/json_members.hpp"

#include "core/json_scan.hpp"

#include <algorithm>

namespace vertex_relay::core {

namespace {

/// Walks valid JSON; every step is clamped to the end of the text.
class cursor {
public:
    cursor(std::string_view text, std::size_t at) : text_(text), at_(at) {}

    std::size_t at() const { return at_; }
    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    void step() { at_ += at_ < text_.size() ? 1 : 0; }

    void skip_blanks() {
        at_ = text_.find_first_not_of(" \t\r\n", at_);
        at_ = at_ == text_.npos ? text_.size() : at_;
    }

    /// From the opening quote to behind the closing one.
    void skip_string() { at_ = string_end(text_, at_); }

    void skip_value() {
        std::size_t depth = 0;
        do {
            char c = peek();
            if (c == '"') {
                skip_string();
            } else if (c == '{' || c == '[') {
                ++depth;
                step();
            } else if (c == '}' || c == ']') {
                --depth;
                step();
            } else if (depth == 0) {
                at_ = text_.find_first_of(",}] \t\r\n", at_);
                at_ = at_ == text_.npos ? text_.size() : at_;
            } else {
                at_ = text_.find_first_of("\"{}[]", at_);
                at_ = at_ == text_.npos ? text_.size() : at_;
            }
        } while (depth > 0 && at_ < text_.size());
    }

private:
    std::string_view text_;
    std::size_t at_;
};

} // namespace

std::vector<member_span> find_members(std::string_view document, std::size_t offset,
                                      std::size_t most) {
    std::vector<member_span> members;
    members.reserve(std::min<std::size_t>(most, 16));
    cursor walk(document, offset);
    walk.skip_blanks();
    walk.step(); // {
    for (walk.skip_blanks(); walk.peek() == '"' && members.size() < most; walk.skip_blanks()) {
        member_span member{};
        member.key_offset = walk.at();
        walk.skip_string();
        member.key_length = walk.at() - member.key_offset;
        walk.skip_blanks();
        walk.step(); // :
        walk.skip_blanks();
        member.value_offset = walk.at();
        walk.skip_value();
        member.value_length = walk.at() - member.value_offset;
        members.push_back(member);
        walk.skip_blanks();
        if (walk.peek() == ',') {
            walk.step();
        }
    }
    return members;
}

} // namespace vertex_relay::core
