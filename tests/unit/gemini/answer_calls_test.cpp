// Tool calls of answers: put in order, completed, named, remembered.

#include "answering.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <vector>

using namespace vertex_relay::core;
using namespace vertex_relay::tests;

TEST_CASE("fragments of calls with flipping indices are put in order", "[gemini][answer]") {
    auto fragment = [](std::string_view id, int index, std::string_view arguments,
                       std::string_view more = "") {
        return chunk(fmt::format(
            R"("delta":{{"role":"assistant","tool_calls":[{{{}"function":{{"arguments":"{}",)"
            R"("name":"f"}},"id":"{}","index":{},"type":"function"}}]}},"index":0)",
            more, arguments, id, index));
    };
    auto rest = [](int index, std::string_view arguments) {
        return chunk(fmt::format(R"("delta":{{"tool_calls":[{{"index":{},"function":)"
                                 R"({{"arguments":"{}"}}}}]}},"index":0)",
                                 index, arguments));
    };
    constexpr auto sig = R"("extra_content":{"google":{"thought_signature":"c2ln"}},)";
    bench one(streaming());
    CHECK(one.events(fragment("x", 1, "", sig)) == fragment("x", 0, "", sig));
    CHECK(one.events(fragment("x", 0, R"({\"a\":)")) == rest(0, R"({\"a\":)"));
    CHECK(one.events(fragment("x", 0, "1}")) == rest(0, "1}"));
    auto second = one.events(fragment("y", 0, "{}"));
    CHECK(second.find(R"("index":1,"type")") != second.npos);
    CHECK(second.find(R"("id":"y")") != second.npos);
    auto last = one.events(chunk(R"("delta":{},"finish_reason":"stop","index":0)"));
    CHECK(last.find(R"("finish_reason":"tool_calls")") != last.npos);
    CHECK(one.calls.size() == 1);
    CHECK(one.calls["x"] == remembered{"x", "f", R"({"a":1})", "c2ln"});
}

TEST_CASE("calls without index, id or type get them", "[gemini][answer]") {
    bench one(streaming());
    auto out = one.events(chunk(
        R"("delta":{"role":"assistant","tool_calls":[{"function":{"arguments":"{}","name":"f"}},)"
        R"({"function":{"arguments":"{}","name":"g"},"id":""}]},"index":0)"));
    CHECK(out.find(R"({"index":0,"id":"call_a_0","type":"function","function")") != out.npos);
    CHECK(out.find(R"({"index":1,"type":"function","function":{"arguments":"{}","name":"g"},)"
                   R"("id":"call_a_1"})") != out.npos);
}

TEST_CASE("names of tools come back as the client wrote them", "[gemini][answer]") {
    std::vector<std::string> names{"my tool"};
    answer_wishes wishes = streaming();
    wishes.names = tool_names(names);
    auto sent = std::string(wishes.names.to_vertex("my tool"));
    bench one(wishes);
    auto out = one.events(chunk(fmt::format(
        R"("delta":{{"role":"assistant","tool_calls":[{{"function":{{"arguments":"{{}}",)"
        R"("name":"{}"}},"id":"x","index":0,"type":"function"}}]}},"index":0)",
        sent)));
    CHECK(out.find(R"("name":"my tool")") != out.npos);
}

TEST_CASE("calls of a whole answer can be parsed and told apart", "[gemini][answer]") {
    auto answer = [](std::string_view arguments) {
        return fmt::format(R"({{"choices":[{{"finish_reason":"stop","message":{{"content":null,)"
                           R"("role":"assistant","tool_calls":[{{"id":"c","type":"function",)"
                           R"("function":{{"name":"f"{}}}}}]}}}}]}})",
                           arguments);
    };
    for (auto const* none : {"", R"(,"arguments":null)", R"(,"arguments":"")"}) {
        bench one({});
        CHECK(one.answer(answer(none)).find(R"("arguments":"{}")") != std::string::npos);
    }
    bench object({});
    CHECK(object.answer(answer(R"(,"arguments":{"a":"b"})")).find(R"("arguments":"{\"a\":\"b\"}")") !=
          std::string::npos);
    bench both({});
    constexpr auto called = R"("message":{"content":null,"role":"assistant","tool_calls":[{)"
                            R"("function":{"name":"f","arguments":"{}"}}]})";
    auto out = both.answer(fmt::format(R"({{"choices":[{{"index":0,{}}},{{"index":1,{}}}],"id":"a"}})",
                                       called, called));
    CHECK(out.find(R"("id":"call_a_0")") != out.npos);
    CHECK(out.find(R"("id":"call_a_1_0")") != out.npos);
}

TEST_CASE("calls of another shape stay JSON", "[gemini][answer]") {
    for (auto const* call : {R"("x")", "null", R"({"function":null,"id":"c","type":"function"})",
                             R"({"function":"x","id":"c","type":"function"})"}) {
        auto text = fmt::format(R"({{"choices":[{{"finish_reason":"stop","message":{{"content":null,)"
                                R"("role":"assistant","tool_calls":[{}]}}}}]}})",
                                call);
        bench one({});
        CHECK(one.answer(text).find(call) != std::string::npos);
    }
}

TEST_CASE("arguments of later fragments are a text, too", "[gemini][answer]") {
    bench one(streaming());
    auto fragment = [](std::string_view arguments) {
        return chunk(fmt::format(R"("delta":{{"role":"assistant","tool_calls":[{{"index":0,"id":"c",)"
                                 R"("type":"function","function":{{"name":"f","arguments":{}}},)"
                                 R"("extra_content":{{"google":{{"thought_signature":"c2ln"}}}}}}]}},)"
                                 R"("index":0)",
                                 arguments));
    };
    one.events(fragment("null"));
    CHECK(one.events(fragment("null")).find(R"("arguments":""})") != std::string::npos);
    CHECK(one.events(fragment(R"({"a":1})")).find(R"("arguments":"{\"a\":1}")") !=
          std::string::npos);
    one.events(done);
    CHECK(one.calls["c"].arguments == R"({"a":1})");
}

TEST_CASE("a signature of a whole answer is kept however it ends", "[gemini][answer]") {
    for (auto const* reason : {"", R"("finish_reason":null,)", R"("finish_reason":"stop",)"}) {
        bench one({});
        one.answer(fmt::format(R"({{"choices":[{{{}"message":{{"content":null,"role":"assistant",)"
                               R"("tool_calls":[{{"id":"c","type":"function","function":{{"name":"f",)"
                               R"("arguments":{{"a":1}}}},"extra_content":{{"google":)"
                               R"({{"thought_signature":"c2ln"}}}}}}]}}}}]}})",
                               reason));
        CHECK(one.calls["c"] == remembered{"c", "f", R"({"a":1})", "c2ln"});
    }
}

TEST_CASE("fragments without an id belong to the call of their index", "[gemini][answer]") {
    bench one(streaming());
    auto fragment = [](std::string_view rest) {
        return chunk(fmt::format(R"("delta":{{"role":"assistant","tool_calls":[{{{}}}]}},"index":0)",
                                 rest));
    };
    one.events(fragment(R"("index":0,"id":"x","type":"function","function":{"name":"f","arguments":""})"));
    one.events(fragment(R"("index":1,"id":"y","type":"function","function":{"name":"g","arguments":""})"));
    auto out = one.events(fragment(R"("index":0,"function":{"arguments":"{}"})"));
    CHECK(out.find(R"([{"index":0,"function":{"arguments":"{}"}}])") != out.npos);
    out = one.events(fragment(R"("index":1,"function":{"arguments":"{}"})"));
    CHECK(out.find(R"([{"index":1,"function":{"arguments":"{}"}}])") != out.npos);
}

TEST_CASE("an older call comes back by its name too", "[gemini][answer]") {
    answer_wishes wishes;
    wishes.names = tool_names(std::vector<std::string>{"a/b"});
    auto sent = std::string(wishes.names.to_vertex("a/b"));
    bench one(std::move(wishes));
    auto out = one.answer(fmt::format(R"({{"choices":[{{"finish_reason":"stop","message":{{"content":)"
                                      R"(null,"role":"assistant","function_call":{{"name":"{}",)"
                                      R"("arguments":"{{}}"}}}}}}]}})",
                                      sent));
    CHECK(out.find(R"("name":"a/b")") != out.npos);
}
