#include "unit/gemini/random_json.hpp"

#include <array>
#include <string_view>

namespace vertex_relay::tests {

namespace {

constexpr std::array<std::string_view, 24> pieces{
    "a",       "role",    "messages", " ",          "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80",
    "\\\"",    "\\\\",    "\\/",      "\\b",        "\\f",      "\\n",          "\\r",
    "\\t",     "\\u0041", "\\u00e9",  "\\u20ac",    "\\ud83d\\ude00", "{",      "}",
    "[1,2]",   ":,",      "\\\\\\\""};
constexpr std::array<std::string_view, 12> scalars{
    "0", "-1", "1.5e10", "-0.0", "9223372036854775807", "18446744073709551615", "1E-7", "true",
    "false", "null", "\"\"", "\"x\""};
constexpr std::array<std::string_view, 5> blanks{"", "", " ", "\n\t", "  \r\n"};

struct generator {
    std::mt19937& random;
    int left;
    std::string out = {};

    template <std::size_t Size>
    std::string_view one_of(std::array<std::string_view, Size> const& choices) {
        return choices[random() % Size];
    }

    void blank() { out += one_of(blanks); }

    void container(char open, char close, int depth) {
        out += open;
        for (auto count = random() % 6; count > 0 && left > 0; --count) {
            blank();
            if (open == '{') {
                out += random_json_string(random);
                blank();
                out += ':';
            }
            value(depth + 1);
            out += count > 1 && left > 0 ? "," : "";
        }
        blank();
        out += close;
    }

    void value(int depth) {
        --left;
        blank();
        auto kind = depth > 60 ? 4 : depth == 0 ? random() % 2 : random() % 6;
        if (kind < 2) {
            container(kind == 0 ? '{' : '[', kind == 0 ? '}' : ']', depth);
        } else {
            out += kind == 2 ? random_json_string(random) : std::string(one_of(scalars));
        }
        blank();
    }
};

} // namespace

std::string random_json_string(std::mt19937& random) {
    std::string out = "\"";
    for (auto count = random() % 5; count > 0; --count) {
        out += pieces[random() % pieces.size()];
    }
    return out + '"';
}

std::string random_json(std::mt19937& random, int values) {
    generator made{.random = random, .left = values};
    made.value(0);
    return made.out;
}

} // namespace vertex_relay::tests
