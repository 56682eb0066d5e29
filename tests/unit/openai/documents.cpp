#include "unit/openai/documents.hpp"

#include <fmt/format.h>

#include <array>
#include <vector>

namespace vertex_relay::tests {

namespace {

constexpr std::array<std::string_view, 24> pieces{
    "a", "model", "{", "}", "[", "]", ":", ",", " ", "\\\"", "\\\\", "\\/", "\\n", "\\u0041",
    "\\u0000", "\\ud83d\\ude00", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\x7f", "\\\\\\\"",
    "\\\\\\\\", "\\u005c", "\\u0022",
};

constexpr std::array<std::string_view, 14> numbers{
    "0", "-0", "1", "-1", "0.5", "1e5", "1E-5", "2.50e+3", "-0.0", "1e-400", "18446744073709551615",
    "-9223372036854775808", "123456789", "3.141592653589793",
};

} // namespace

std::size_t document_maker::below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
}

std::string document_maker::blanks() {
    std::string out;
    while (below(3) == 0) {
        out += " \t\r\n"[below(4)];
    }
    return out;
}

std::string document_maker::string_text() {
    std::string out = "\"";
    for (auto count = below(8); count > 0; --count) {
        out += pieces[below(pieces.size())];
    }
    return out + '"';
}

std::string document_maker::number() {
    return std::string(numbers[below(numbers.size())]);
}

std::string document_maker::list(int depth) {
    std::string out = "[" + blanks();
    for (auto count = below(4); count > 0; --count) {
        out += value(depth - 1) + blanks() + (count > 1 ? "," + blanks() : "");
    }
    return out + "]";
}

std::string document_maker::nested(int depth) {
    std::string out = "{" + blanks();
    for (auto count = below(4); count > 0;
         --count) { // keys may repeat: only the top level is strict
        auto key = below(2) == 0 ? std::string("\"model\"") : string_text();
        out += key + blanks() + ":" + blanks() + value(depth - 1) + blanks();
        out += count > 1 ? "," + blanks() : "";
    }
    return out + "}";
}

std::string document_maker::value(int depth) {
    switch (below(depth > 0 ? 8 : 5)) {
    case 0:
        return "true";
    case 1:
        return "false";
    case 2:
        return "null";
    case 3:
        return number();
    case 4:
        return string_text();
    case 5:
        return list(depth);
    default:
        return nested(depth);
    }
}

std::string document_maker::spelled(std::string_view text) {
    std::string out = "\"";
    for (char c : text) {
        auto code = static_cast<unsigned>(c);
        out += below(4) > 0    ? std::string(1, c)
               : below(2) == 0 ? fmt::format("\\u{:04x}", code)
                               : fmt::format("\\u{:04X}", code);
    }
    return out + '"';
}

std::string document_maker::object() {
    std::vector<std::string> members;
    for (auto count = below(6); count > 0; --count) {
        auto key = string_text();
        key.insert(key.size() - 1, fmt::format("#{}", count)); // no key twice
        members.push_back(key + blanks() + ":" + blanks() + value(4));
    }
    if (below(3) > 0) {
        auto member = spelled("model") + blanks() + ":" + blanks() + string_text();
        members.insert(members.begin() + static_cast<std::ptrdiff_t>(below(members.size() + 1)),
                       member);
    }
    std::string out = blanks() + "{" + blanks();
    for (std::size_t i = 0; i < members.size(); ++i) {
        out += (i > 0 ? blanks() + "," + blanks() : "") + members[i];
    }
    return out + blanks() + "}" + blanks();
}

std::string document_maker::broken(std::string text) {
    constexpr std::string_view bytes = "{}[]:,\"\\ 0-.eut\x01\x1f\x7f\x80\xc3\xed\xff\n/x";
    auto byte = bytes[below(bytes.size())];
    auto at = below(text.size() + 1);
    switch (at == text.size() ? 1 : below(4)) {
    case 0:
        text.erase(at, 1);
        break;
    case 1:
        text.insert(at, 1, byte);
        break;
    case 2:
        text[at] = byte;
        break;
    default:
        text.resize(at);
    }
    return text;
}

} // namespace vertex_relay::tests
