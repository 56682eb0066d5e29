// Bodies that are nearly JSON, and nearly the JSON that is wanted.

#include "wire/storm_input.hpp"

#include <fmt/format.h>

#include <array>

namespace vertex_relay::tests {

namespace {

using namespace std::string_view_literals;

/// A bit of everything a body may have.
std::string rich_body(std::size_t number) {
    return fmt::format(
        R"({{"model":"storm","user":"body-{}","n":-1.5e2,"a":[true,null,{{"b":"\u00e9\n"}}]}})",
        number);
}

/// `{}` stands for a name of its own.
constexpr std::array forms{
    R"({{"model":"storm","user":"{}"}} )"sv,
    R"( {{"user":"{}","model":"storm"}})"sv,
    R"({{"model":"storm","user":"{}","model":"storm"}})"sv,
    R"({{"model":"storm","user":"{}","model":"other"}})"sv,
    R"({{"model":"storm","user":"{}","\u006dodel":"other"}})"sv,
    R"({{"m\u006fdel":"storm","user":"{}"}})"sv,
    R"({{"model":"st\u006frm","user":"{}"}})"sv,
    R"({{"model":"storm\u0000","user":"{}"}})"sv,
    R"({{"model":"other","user":"{}"}})"sv,
    R"({{"model":"meta/storm","user":"{}"}})"sv,
    R"({{"model":null,"user":"{}"}})"sv,
    R"({{"model":1,"user":"{}"}})"sv,
    R"({{"model":["storm"],"user":"{}"}})"sv,
    R"({{"Model":"storm","user":"{}"}})"sv,
    R"({{"user":"{}"}})"sv,
    R"({{"model":"","user":"{}"}})"sv,
    R"({{"model":"storm","stream":"true","user":"{}"}})"sv,
    R"({{"model":"storm","stream":0,"user":"{}"}})"sv,
    R"({{"model":"storm","stream":null,"user":"{}"}})"sv,
    R"({{"model":"storm","stream":false,"user":"{}"}})"sv,
    R"([{{"model":"storm","user":"{}"}}])"sv,
    R"({{"model":"storm","user":"{}"}}{{}})"sv,
    R"({{"model":"storm","user":"{}"}},)"sv,
    R"({{"model":"storm","user":"{}",}})"sv,
    R"({{,"model":"storm","user":"{}"}})"sv,
    R"({{"model":"storm" "user":"{}"}})"sv,
    R"({{"model"="storm","user":"{}"}})"sv,
    R"({{"model":"storm";"user":"{}"}})"sv,
    R"({{'model':'storm','user':'{}'}})"sv,
    R"({{model:"storm",user:"{}"}})"sv,
    R"({{"model":"storm","user":"{}"}}//)"sv,
    R"(/**/{{"model":"storm","user":"{}"}})"sv,
    R"({{"model":"storm","user":"{}","a":.5}})"sv,
    R"({{"model":"storm","user":"{}","a":5.}})"sv,
    R"({{"model":"storm","user":"{}","a":+5}})"sv,
    R"({{"model":"storm","user":"{}","a":05}})"sv,
    R"({{"model":"storm","user":"{}","a":-}})"sv,
    R"({{"model":"storm","user":"{}","a":-0}})"sv,
    R"({{"model":"storm","user":"{}","a":1e}})"sv,
    R"({{"model":"storm","user":"{}","a":1E+3}})"sv,
    R"({{"model":"storm","user":"{}","a":0x1}})"sv,
    R"({{"model":"storm","user":"{}","a":NaN}})"sv,
    R"({{"model":"storm","user":"{}","a":Infinity}})"sv,
    R"({{"model":"storm","user":"{}","a":True}})"sv,
    R"({{"model":"storm","user":"{}","a":tru}})"sv,
    R"({{"model":"storm","user":"{}","a":undefined}})"sv,
    R"({{"model":"storm","user":"{}","a":"\x41"}})"sv,
    R"({{"model":"storm","user":"{}","a":"\u12"}})"sv,
    R"({{"model":"storm","user":"{}","a":"\uD83D\uDE00"}})"sv,
    R"({{"model":"storm","user":"{}","a":"\uD83D"}})"sv,
    R"({{"model":"storm","user":"{}","a":"unfinished}})"sv,
    R"({{"model":"storm","user":"{}","a":"\"}})"sv,
    R"({{"model":"storm","user":"{}","a":"\\"}})"sv,
    R"({{"model":"storm","user":"{}","a":[1,]}})"sv,
    R"({{"model":"storm","user":"{}","a":[,1]}})"sv,
    R"({{"model":"storm","user":"{}","a":[1 2]}})"sv,
    R"({{"model":"storm","user":"{}","a":[1}})"sv,
    R"({{"model":"storm","user":"{}","a":{{"b"}}}})"sv,
    R"({{"model":"storm","user":"{}","a":{{"b":1,"b":2}}}})"sv,
    R"({{"model":"storm","user":"{}","":1}})"sv,
    R"({{"model":"storm","user":"{}","":1,"":2}})"sv,
    R"({{"model":"storm","user":"{}")"sv,
    R"("{}")"sv,
    R"({{}})"sv,
    R"({}null)"sv,
};

void add_deep(storm_inputs& out) {
    for (std::size_t depth : {1UL, 2UL, 64UL, 126UL, 127UL, 128UL, 129UL, 130UL, 1000UL, 20000UL}) {
        for (auto [open, inside, close] :
             {std::array{"["sv, "1"sv, "]"sv}, std::array{"["sv, ""sv, "]"sv},
              std::array{R"({"a":)"sv, "1"sv, "}"sv}, std::array{"["sv, "1"sv, ""sv}}) {
            std::string nest;
            for (std::size_t i = 0; i < depth; ++i) {
                nest += open;
            }
            nest += inside;
            for (std::size_t i = 0; i < depth; ++i) {
                nest += close;
            }
            out.push_back(storm_post(
                fmt::format(R"({{"model":"storm","user":"deep-{}","a":{}}})", out.size(), nest)));
        }
    }
}

} // namespace

storm_inputs body_storm() {
    storm_inputs out;
    for (auto form : forms) {
        out.push_back(
            storm_post(fmt::format(fmt::runtime(form), fmt::format("form-{}", out.size()))));
        out.push_back(storm_post("\xef\xbb\xbf" + fmt::format(fmt::runtime(form), out.size())));
    }
    auto length = rich_body(0).size();
    for (std::size_t at = 0; at < length; ++at) {
        auto taken = rich_body(out.size());
        out.push_back(storm_post(taken.erase(at, 1)));
        auto cut = rich_body(out.size());
        out.push_back(storm_post(cut.substr(0, at)));
        for (auto put :
             {"\""sv, "\\"sv, "{"sv, "}"sv, "["sv, ","sv, ":"sv, "0"sv, " "sv, "\0"sv, "\x1f"sv,
              "\x80"sv, "\xc3"sv, "\xed\xa0\x80"sv, "\xf4\x90\x80\x80"sv, "\xc0\xaf"sv}) {
            auto more = rich_body(out.size());
            out.push_back(storm_post(more.insert(at, put)));
            auto other = rich_body(out.size());
            out.push_back(storm_post(other.replace(at, 1, put)));
        }
    }
    add_deep(out);
    return out;
}

} // namespace vertex_relay::tests
