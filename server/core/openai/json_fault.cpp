#include "core/openai/json_fault.hpp"

#include "core/ascii.hpp"
#include "core/json_text.hpp"

#include <string>

namespace vertex_relay::core {

namespace {

class json_walk {
public:
    explicit json_walk(std::string_view text) : text_(text) {}

    std::optional<json_fault> run() {
        while (!fault_) {
            at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
            if (next_ == expected::nothing && at_ == text_.size()) {
                break;
            }
            step();
        }
        return fault_;
    }

private:
    enum class expected { value, first_value, key, first_key, separator, nothing };

    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    void fail(std::string_view reason) {
        fault_ = {at_, at_ < text_.size() ? reason : "the text ends too early"};
    }

    void step() {
        switch (next_) {
        case expected::first_value:
            return peek() == ']' ? close() : take_value();
        case expected::value:
            return take_value();
        case expected::first_key:
            return peek() == '}' ? close() : take_key();
        case expected::key:
            return take_key();
        case expected::separator:
            return take_separator();
        case expected::nothing:
            return fail("something follows the end of the document");
        }
    }

    void open(char closing, expected first) {
        open_ += closing;
        ++at_;
        next_ = first;
    }
    void close() {
        open_.pop_back();
        ++at_;
        value_ends();
    }
    void value_ends() { next_ = open_.empty() ? expected::nothing : expected::separator; }

    void take_separator() {
        if (peek() == open_.back()) {
            return close();
        }
        if (peek() != ',') {
            return fail("a comma or the closing bracket is missing");
        }
        ++at_;
        next_ = open_.back() == '}' ? expected::key : expected::value;
    }

    void take_key() {
        if (peek() != '"') {
            return fail("a key in double quotes is missing");
        }
        take_string();
        at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
        if (!fault_ && peek() != ':') {
            return fail("a colon is missing");
        }
        ++at_;
        next_ = expected::value;
    }

    void take_value() {
        switch (peek()) {
        case '{':
            return open('}', expected::first_key);
        case '[':
            return open(']', expected::first_value);
        case '"':
            take_string();
            break;
        case 't':
            take_word("true");
            break;
        case 'f':
            take_word("false");
            break;
        case 'n':
            take_word("null");
            break;
        default:
            take_number();
        }
        value_ends();
    }

    void take_word(std::string_view word) {
        if (text_.substr(at_, word.size()) != word) {
            return fail("a word is not true, false or null");
        }
        at_ += word.size();
    }

    bool take_digits() {
        auto before = at_;
        at_ = std::min(text_.find_first_not_of("0123456789", at_), text_.size());
        return at_ > before;
    }

    void take_number() {
        bool negative = peek() == '-';
        at_ += negative ? 1 : 0;
        if (peek() == '0') {
            ++at_;
        } else if (!take_digits()) {
            return fail(negative ? "a number is malformed" : "a value is missing");
        }
        bool good = true;
        if (peek() == '.') {
            ++at_;
            good = take_digits();
        }
        if (good && (peek() == 'e' || peek() == 'E')) {
            ++at_;
            at_ += peek() == '+' || peek() == '-' ? 1 : 0;
            good = take_digits();
        }
        if (!good) {
            fail("a number is malformed");
        }
    }

    void take_string() {
        for (++at_; !fault_;) {
            auto c = static_cast<unsigned char>(peek());
            auto size = at_ < text_.size() ? utf8_size(text_.substr(at_)) : 0;
            if (c == '"') {
                ++at_;
                return;
            }
            if (c == '\\') {
                take_escape();
            } else if (size == 0) {
                fail("a byte is not UTF-8");
            } else if (c < 0x20) {
                fail("a control character in a string is not escaped");
            } else {
                at_ += size;
            }
        }
    }

    /// The code unit of `\uXXXX` at the front; nullopt if there is none.
    std::optional<unsigned> code_unit() const {
        auto text = text_.substr(at_, 6);
        unsigned value = 0;
        auto [end, error] = std::from_chars(text.data() + std::min<std::size_t>(2, text.size()),
                                            text.data() + text.size(), value, 16);
        bool whole = text.size() == 6 && text.starts_with("\\u") && error == std::errc{} &&
                     end == text.data() + 6;
        return whole ? std::optional(value) : std::nullopt;
    }

    void take_escape() {
        constexpr std::string_view simple = "\"\\/bfnrt";
        auto second = text_.substr(at_ + 1, 1);
        if (!second.empty() && simple.find(second) != simple.npos) {
            at_ += 2;
            return;
        }
        auto unit = code_unit();
        bool low = unit && *unit >= 0xdc00 && *unit <= 0xdfff;
        bool high = unit && *unit >= 0xd800 && *unit <= 0xdbff;
        if (!unit || low) {
            return fail("an escape stands for no character");
        }
        at_ += 6;
        if (high) {
            auto pair = code_unit();
            if (!pair || *pair < 0xdc00 || *pair > 0xdfff) {
                at_ -= 6;
                return fail("an escape stands for no character");
            }
            at_ += 6;
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
    expected next_ = expected::value;
    std::string open_; ///< for each open level the bracket that closes it
    std::optional<json_fault> fault_;
};

} // namespace

std::optional<json_fault> find_json_fault(std::string_view text) {
    return json_walk(text).run();
}

} // namespace vertex_relay::core
