#include "repairing.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <chrono>

using namespace vertex_relay;
using namespace vertex_relay::tests;

namespace {

constexpr auto ask = R"({"role":"user","content":"U"},)";

/// A call as Vertex wants it.
std::string call(std::string_view id, std::string_view more = "",
                 std::string_view arguments = R"("{}")") {
    return fmt::format(
        R"({{{}"id":"{}","type":"function","function":{{"name":"f","arguments":{}}}}})", more, id,
        arguments);
}

std::string signature(std::string_view text) {
    return fmt::format(R"("extra_content":{{"google":{{"thought_signature":"{}"}}}},)", text);
}

std::string calls(std::string_view list, std::string_view content = "null") {
    return fmt::format(R"({{"role":"assistant","content":{},"tool_calls":[{}]}})", content, list);
}

std::string answered(std::string_view id, std::string_view content = R"("ok")") {
    return fmt::format(R"({{"role":"tool","tool_call_id":"{}","name":"f","content":{}}})", id,
                       content);
}

std::string bare(std::string_view id) {
    return fmt::format(R"({{"role":"tool","tool_call_id":"{}","content":"ok"}})", id);
}

std::string interrupted(std::string_view id) {
    return answered(id, R"("No result: the call was interrupted.")");
}

auto const signed_call = call("1", signature("s"));

} // namespace

TEST_CASE("a sound exchange of calls and results stays", "[gemini][repair]") {
    auto sound = ask + calls(signed_call + "," + call("2")) + "," + answered("1") + "," +
                 answered("2");
    CHECK(repaired_messages(sound) == sound);
}

TEST_CASE("a result gets the name of its function", "[gemini][repair]") {
    CHECK(repaired_messages(ask + calls(signed_call) + "," + bare("1")) ==
          ask + calls(signed_call) +
              R"(,{"name":"f","role":"tool","tool_call_id":"1","content":"ok"})");
}

TEST_CASE("text beside calls becomes a turn of its own", "[gemini][repair]") {
    auto result = "," + answered("1");
    CHECK(repaired_messages(ask + calls(signed_call, R"("I look.")") + result) ==
          std::string(ask) + R"({"role":"assistant","content":"I look."},)" + calls(signed_call) +
              result);
    CHECK(repaired_messages(ask + calls(signed_call, R"("")") + result) ==
          ask + calls(signed_call) + result);
    CHECK(repaired_messages(ask + calls(signed_call, R"([{"type":"text","text":""}])") + result) ==
          ask + calls(signed_call) + result);
}

TEST_CASE("every call is answered behind it, once", "[gemini][repair]") {
    auto two = calls(signed_call + "," + call("2"));
    CHECK(repaired_messages(ask + two + "," + answered("2")) ==
          ask + two + "," + answered("2") + "," + interrupted("1"));
    CHECK(repaired_messages(ask + two) ==
          ask + two + "," + interrupted("1") + "," + interrupted("2"));
    // Too many, unknown ones, and one that stands behind the next question.
    CHECK(repaired_messages(ask + two + "," + answered("1") + "," + answered("1") + "," +
                            answered("9") + R"(,{"role":"user","content":"V"},)" + answered("2")) ==
          ask + two + "," + answered("1") + "," + answered("2") + R"(,{"role":"user","content":"V"})");
    CHECK(repaired_messages(answered("9") + R"(,{"role":"user","content":"V"})") ==
          R"({"role":"user","content":"V"})");
}

TEST_CASE("ids that begin anew in each answer keep their own results", "[gemini][repair]") {
    auto step = calls(signed_call);
    CHECK(repaired_messages(ask + step + "," + ask + step + "," + answered("1", R"("second")")) ==
          ask + step + "," + interrupted("1") + "," + ask + step + "," +
              answered("1", R"("second")"));
}

TEST_CASE("a custom call becomes one of a function", "[gemini][repair]") {
    auto custom = R"({"id":"1","type":"custom","custom":{"name":"f","input":"a \"b\""}})";
    auto function = call("1", signature("skip_thought_signature_validator"),
                         R"("{\"input\":\"a \\\"b\\\"\"}")");
    CHECK(repaired_messages(ask + calls(custom) + "," + bare("1")) ==
          ask + calls(function) +
              R"(,{"name":"f","role":"tool","tool_call_id":"1","content":"ok"})");
}

TEST_CASE("the older way to call is repaired as the newer", "[gemini][repair]") {
    auto legacy = [](std::string_view content, std::string_view name, std::string_view arguments) {
        return fmt::format(R"({{"role":"assistant","content":{},"function_call":{{"name":"{}",)"
                           R"("arguments":{}}}}})",
                           content, name, arguments);
    };
    auto result = [](std::string_view name) {
        return fmt::format(R"(,{{"role":"function","name":"{}","content":"ok"}})", name);
    };
    CHECK(repaired_messages(ask + legacy(R"("")", "f", R"("")") + result("f")) ==
          ask + legacy("null", "f", R"("{}")") + result("f"));
    auto all = repaired(fmt::format(
        R"({{"model":"google/gemini-3.5-flash","functions":[{{"name":"a/b"}}],"function_call":)"
        R"({{"name":"a/b"}},"messages":[{}{}{}]}})",
        ask, legacy("null", "a/b", R"("{}")"), result("a/b")));
    CHECK(all.body.find("a/b") == all.body.npos);
    CHECK(all.repairs == "tool_names");
}

TEST_CASE("a call without a function stays JSON", "[gemini][repair]") {
    for (auto const* odd : {R"({"id":"1","type":"function","function":null})",
                            R"({"id":"1","type":"function","function":"x"})"}) {
        CHECK(repaired_messages(ask + calls(odd) + "," + answered("1")) ==
              ask + calls(odd) + "," + answered("1"));
    }
}

TEST_CASE("what an SDK adds to a call it parsed goes", "[gemini][repair]") {
    auto parsed = R"({"extra_content":{"google":{"thought_signature":"s"}},"id":"1","type":)"
                  R"("function","function":{"name":"f","arguments":"{}","parsed_arguments":{"a":1}}})";
    CHECK(repaired_messages(ask + calls(parsed) + "," + answered("1")) ==
          ask + calls(signed_call) + "," + answered("1"));
}

TEST_CASE("thousands of calls are paired in a breath", "[gemini][repair]") {
    std::string made;
    std::string results;
    for (int i = 0; i < 12'000; ++i) {
        made += (i == 0 ? "" : ",") + call(std::to_string(i), signature("s"));
        results = "," + answered(std::to_string(i)) + results;
    }
    auto begun = std::chrono::steady_clock::now();
    auto text = ask + calls(made) + results;
    CHECK(repaired_messages(text) == text);
    auto late = ask + calls(made) + R"(,{"role":"user","content":"V"})" + results;
    CHECK(repaired_messages(late).size() == late.size());
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(10)); // squared: minutes
}

TEST_CASE("arguments of past calls are a JSON object", "[gemini][repair]") {
    struct row {
        char const* given;
        char const* wanted;
    };
    for (auto const& one : {row{R"("")", R"("{}")"}, row{R"("null")", R"("{}")"},
                            row{R"("[1]")", R"("{\"arguments\":[1]}")"},
                            row{R"("{\"a\":")", R"("{\"arguments\":\"{\\\"a\\\":\"}")"},
                            row{R"({"a":1})", R"("{\"a\":1}")"},
                            row{R"("{\"a\":1}")", R"("{\"a\":1}")"}}) {
        auto result = "," + answered("1");
        auto more = signature("s");
        CHECK(repaired_messages(ask + calls(call("1", more, one.given)) + result) ==
              ask + calls(call("1", more, one.wanted)) + result);
    }
}

TEST_CASE("a remembered signature comes back, else the dummy", "[gemini][signatures]") {
    auto rules = rules_for("google/gemini-3.5-flash");
    rules.signatures = [](core::signed_call const& one) {
        return one.id == "1" ? std::optional<std::string>("remembered") : std::nullopt;
    };
    auto body = [&](std::string const& messages) {
        return repaired(conversation(messages), rules);
    };
    auto step = [&](std::string const& list, std::string const& ids) {
        std::string text = calls(list);
        for (char id : ids) {
            text += "," + answered(std::string(1, id));
        }
        return text;
    };
    auto known = body(ask + step(call("1") + "," + call("2"), "12"));
    CHECK(known.body ==
          conversation(ask + step(call("1", signature("remembered")) + "," + call("2"), "12")));
    CHECK(known.repairs == "signatures");
    CHECK(body(ask + step(call("3"), "3")).body ==
          conversation(ask + step(call("3", signature("skip_thought_signature_validator")), "3")));
    auto own = ask + step(call("1", signature("clients")), "1");
    CHECK(body(own).body == conversation(own)); // never overwritten
    // In turns that are over, nothing is made up.
    auto over = ask + step(call("3"), "3") + R"(,{"role":"user","content":"V"})";
    CHECK(body(over).body == conversation(over));
    auto remembered = ask + step(call("1"), "1") + R"(,{"role":"user","content":"V"})";
    CHECK(body(remembered).body ==
          conversation(ask + step(call("1", signature("remembered")), "1") +
                       R"(,{"role":"user","content":"V"})"));
}

TEST_CASE("of calls made at once only the first is known again by what it says",
          "[gemini][signatures]") {
    auto rules = rules_for("google/gemini-3.5-flash");
    rules.signatures = [](core::signed_call const& one) {
        return one.name == "f" ? std::optional<std::string>("another's") : std::nullopt;
    };
    auto results = "," + answered("x") + "," + answered("y");
    auto both = ask + calls(call("x") + "," + call("y")) + results;
    CHECK(repaired(conversation(both), rules).body ==
          conversation(ask + calls(call("x", signature("another's")) + "," + call("y")) + results));
}

TEST_CASE("arguments sent as an object are looked for as such", "[gemini][signatures]") {
    auto rules = rules_for("google/gemini-3.5-flash");
    rules.signatures = [](core::signed_call const& one) {
        return std::optional<std::string>(one.arguments);
    };
    auto text = repaired(conversation(ask + calls(call("x", "", R"({"a":1})")) + "," + answered("x")),
                         rules).body;
    CHECK(text.find(R"("thought_signature":"{\"a\":1}")") != text.npos);
}

TEST_CASE("Gemini 2.5 needs no signatures", "[gemini][signatures]") {
    auto text = conversation(ask + calls(call("1")) + "," + answered("1"));
    CHECK(repaired(text, rules_for("google/gemini-2.5-pro")).body == text);
}
