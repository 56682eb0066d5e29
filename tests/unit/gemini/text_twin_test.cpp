// Events that differ in their text alone are told without reading them: never a wrong one.

#include "core/gemini/answer/text_twin.hpp"
#include "core/gemini/answer_repair.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <random>

using namespace vertex_relay::core;

namespace {

std::string payload(std::string_view text, std::string_view more = "") {
    return fmt::format(R"({{"delta":{{"content":"{}","role":"assistant"}},"i":0{}}})", text, more);
}

/// Has learned `payload("He")`, of which the role was taken out.
text_twin pupil() {
    text_twin twin;
    located_json tree;
    auto first = payload("He");
    auto delta = tree.read(first)->find("delta").value();
    std::vector<edit> edits;
    append_removals(edits, delta, [](located_value member) { return member.key_is("role"); });
    twin.learn(first, delta.find("content").value(), edits);
    return twin;
}

/// One event out of many kinds, with `created` as its number.
std::string random_event(std::mt19937& random, unsigned created) {
    constexpr std::string_view kinds[] = {
        R"("delta":{"content":"TEXT","role":"assistant"},"index":0)",
        R"("delta":{"content":"TEXT","role":"assistant"},"index":0)",
        R"("delta":{"content":"TEXT"},"index":0)",
        R"("delta":{"content":"TEXT","role":"assistant"},"index":1)",
        R"("delta":{"content":"TEXT","extra_content":{"google":{"thought":true}}},"index":0)",
        R"("delta":{"content":"</thought>TEXT","role":"assistant"},"index":0)",
        R"("delta":{"content":"TEXT","role":"assistant"},"finish_reason":"STOP","index":0)",
        R"("delta":{"role":"assistant"},"index":0)",
        R"("delta":{"tool_calls":[{"function":{"name":"f","arguments":"TEXT"}}]},"index":0)",
        R"("delta":{"content":null,"role":"assistant"},"index":0)"};
    constexpr std::string_view texts[] = {"", "a", R"(\"role\":\"assistant\")", R"(\\)", "}]",
                                          "<thought>"};
    std::string choice(kinds[random() % std::size(kinds)]);
    if (auto at = choice.find("TEXT"); at != choice.npos) {
        choice.replace(at, 4, texts[random() % std::size(texts)]);
    }
    auto usage = random() % 9 == 0 ? R"(,"usage":{"completion_tokens":1})" : "";
    return fmt::format("data: {{\"choices\":[{{{}}}],\"created\":{},\"id\":\"x\"{}}}\n\n", choice,
                       created, usage);
}

std::string without_created(std::string text) {
    for (auto at = text.find("\"created\":"); at != text.npos; at = text.find("\"created\":", at)) {
        text.erase(at, text.find(',', at) - at);
    }
    return text;
}

} // namespace

TEST_CASE("a twin is treated as its like, whatever it says", "[gemini][answer]") {
    auto twin = pupil();
    for (std::string const text : {"", "x", R"(\")", R"(\\)", R"(a\\\"b)", "\xe2\x82\xac", "{[,:"}) {
        REQUIRE(twin.matches(payload(text)));
        std::string out = "before ";
        twin.append(out, payload(text));
        CHECK(out == fmt::format(R"(before {{"delta":{{"content":"{}"}},"i":0}})", text));
    }
}

TEST_CASE("what differs in more than its text is no twin", "[gemini][answer]") {
    auto twin = pupil();
    for (auto const& other :
         {payload("a", R"(,"finish_reason":"stop")"), payload(R"(a","x":"b)"), payload(R"(a\)"),
          std::string(), std::string(R"({"delta":{"content":")"), payload("a").substr(1),
          payload("a") + " ", payload(R"(a","role":"assistant"},"i":0},{"delta":{"content":"b)")}) {
        CAPTURE(other);
        CHECK_FALSE(twin.matches(other));
    }
    twin.forget();
    CHECK_FALSE(twin.matches(payload("a")));
}

TEST_CASE("an edit of the text is not learned", "[gemini][answer]") {
    located_json tree;
    auto first = payload("He");
    auto content = tree.read(first)->find("delta")->find("content").value();
    text_twin twin;
    twin.learn(first, content, {{content.offset(), content.length(), "\"x\""}});
    CHECK_FALSE(twin.matches(first));
    twin.learn(first, content, {{content.member_offset(), content.end_offset(), ""}});
    CHECK_FALSE(twin.matches(first));
    auto long_one = payload(std::string(10'000, 'w'));
    twin.learn(long_one, tree.read(long_one)->find("delta")->find("content").value(), {});
    CHECK_FALSE(twin.matches(long_one));
}

TEST_CASE("an answer with twins is repaired as one without any", "[gemini][answer]") {
    std::mt19937 random(20'261'124);
    for (int round = 0; round < 3'000; ++round) {
        located_json tree;
        answer_repair like({.stream = true, .include_usage = true}, tree, {});
        answer_repair unlike({.stream = true, .include_usage = true}, tree, {});
        std::string scratch;
        for (unsigned i = 0; i < 8; ++i) {
            auto again = random;
            auto twin = random_event(random, 7);
            auto single = random_event(again, 1000 + i); // as long, and alike no other
            auto one = without_created(std::string(like.events(twin, scratch)));
            auto other = without_created(std::string(unlike.events(single, scratch)));
            INFO(twin);
            REQUIRE(one == other);
        }
        REQUIRE(without_created(like.ending()) == without_created(unlike.ending()));
        REQUIRE(like.made().names() == unlike.made().names());
    }
}
