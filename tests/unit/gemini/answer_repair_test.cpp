#include "core/gemini/answer_repair.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <map>
#include <random>
#include <vector>

using namespace vertex_relay::core;

namespace {

struct remembered {
    std::string id;
    std::string name;
    std::string arguments;
    std::string signature;
    bool operator==(remembered const&) const = default;
};

/// One answer's repair with what it remembers.
struct bench {
    explicit bench(answer_wishes wishes)
        : repair(
              std::move(wishes), tree, [this](signed_call const& one, std::string_view signature) {
                  calls[std::string(one.id)] = {std::string(one.id), std::string(one.name),
                                                std::string(one.arguments), std::string(signature)};
              }) {}
    std::string events(std::string_view text) { return std::string(repair.events(text, scratch)); }
    std::string answer(std::string_view text) { return std::string(repair.answer(text, scratch)); }

    located_json tree;
    std::string scratch;
    std::map<std::string, remembered> calls;
    answer_repair repair;
};

answer_wishes streaming(bool usage = false) { return {.stream = true, .include_usage = usage}; }

/// An event as Vertex writes it: `choice` is the inside of the one choice.
std::string chunk(std::string_view choice, std::string_view more = "") {
    return fmt::format(R"(data: {{"choices":[{{{}}}],"created":7,"id":"a","model":"google/g",)"
                       R"("object":"chat.completion.chunk","system_fingerprint":""{}}})"
                       "\n\n",
                       choice, more);
}

std::string text(std::string_view words, bool role) {
    return chunk(fmt::format(R"("delta":{{"content":"{}"{}}},"index":0,"logprobs":null)", words,
                             role ? R"(,"role":"assistant")" : ""));
}

constexpr auto done = "data: [DONE]\n\n";

} // namespace

TEST_CASE("a role is said once, the rest of a text stream stays", "[gemini][answer]") {
    bench one(streaming());
    CHECK(one.events(text("He", true)) == text("He", true));
    CHECK(one.events(text("llo", true)) == text("llo", false));
    CHECK(one.events(text(R"(\"role\":\"assistant\")", true)) ==
          text(R"(\"role\":\"assistant\")", false));
    auto last = chunk(R"("delta":{"content":"!","role":"assistant"},"finish_reason":"stop","index":0)");
    CHECK(one.events(last) == chunk(R"("delta":{"content":"!"},"finish_reason":"stop","index":0)"));
    CHECK(one.events(done) == done);
    CHECK(one.repair.made().names() == "roles_once");
}

TEST_CASE("an event that needs nothing is passed on as it came", "[gemini][answer]") {
    bench one(streaming());
    auto all = text("a", true) + text("b", false) + ": ping\n\n" + text("c", false);
    CHECK(one.repair.events(all, one.scratch).data() == all.data());
    CHECK(one.repair.made().empty());
    std::string crlf = "data: {\"choices\":[{\"delta\":{\"content\":\"d\"},\"index\":0}]}\r\n\r\n";
    CHECK(one.events(crlf) == crlf);
    std::string error = "data: {\"error\":{\"message\":\"x\"}}\n\n";
    CHECK(one.events(error) == error);
}

TEST_CASE("usage comes last, in OpenAI's convention, only if asked for", "[gemini][answer]") {
    constexpr auto vertex = R"(,"usage":{"completion_tokens":3,"completion_tokens_details":)"
                            R"({"reasoning_tokens":20},"prompt_tokens":2000,"total_tokens":2023})";
    auto last = R"("delta":{"content":"x","role":"assistant"},"finish_reason":"stop","index":0)";
    bench asked(streaming(true));
    CHECK(asked.events(chunk(last, vertex)) == chunk(last));
    CHECK(asked.events(done) ==
          R"(data: {"choices":[],"created":7,"id":"a","model":"google/g",)"
          R"("object":"chat.completion.chunk","usage":{"completion_tokens":23,)"
          R"("completion_tokens_details":{"reasoning_tokens":20},"prompt_tokens":2000,)"
          R"("total_tokens":2023}})"
          "\n\ndata: [DONE]\n\n");
    bench silent(streaming());
    CHECK(silent.events(chunk(last, vertex)) == chunk(last));
    CHECK(silent.events(done) == done);
}

TEST_CASE("a finish reason is one of OpenAI's words and never missing", "[gemini][answer]") {
    struct row {
        char const* given;
        char const* wanted;
    };
    for (auto const& one : {row{"SAFETY", "content_filter"}, row{"MAX_TOKENS", "length"},
                            row{"malformed_function_call", "stop"}, row{"STOP", "stop"}}) {
        bench repair(streaming());
        auto out = repair.events(chunk(fmt::format(
            R"("delta":{{"role":"assistant"}},"finish_reason":"{}","index":0)", one.given)));
        CHECK(out == chunk(fmt::format(
                         R"("delta":{{"role":"assistant"}},"finish_reason":"{}",)"
                         R"("native_finish_reason":"{}","index":0)",
                         one.wanted, one.given)));
    }
    bench missing(streaming());
    missing.events(text("x", true));
    CHECK(missing.events(done) ==
          R"(data: {"choices":[{"delta":{},"finish_reason":"stop","index":0}],"created":7,"id":"a",)"
          R"("model":"google/g","object":"chat.completion.chunk"})"
          "\n\ndata: [DONE]\n\n");
    CHECK(missing.repair.ending().empty());
}

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

TEST_CASE("thoughts never stand in the content", "[gemini][answer]") {
    bench one(streaming());
    auto thought = R"("delta":{"content":"Hm","extra_content":{"google":{"thought":true}},)"
                   R"("role":"assistant"},"index":0)";
    CHECK(one.events(chunk(thought)) ==
          chunk(R"("delta":{"reasoning_content":"Hm","extra_content":{"google":{"thought":true}},)"
                R"("role":"assistant"},"index":0)"));
    CHECK(one.events(text("So", true)) == text("So", false));

    bench tagged(streaming()); // the Gemini Developer API
    tagged.events(chunk(R"("delta":{"content":"<thought>A","extra_content":{"google":)"
                        R"({"thought":true}},"role":"assistant"},"index":0)"));
    auto out = tagged.events(chunk(R"("delta":{"content":"</thought>The","extra_content":null},)"
                                   R"("index":0)"));
    CHECK(out.find(R"("content":"The")") != out.npos);

    bench whole({});
    auto answer = whole.answer(
        R"({"choices":[{"message":{"role":"assistant","content":"<thought>Q\n</thought>391",)"
        R"("extra_content":{"google":{"thought":true}}},"index":0}],"id":"a"})");
    CHECK(answer.find(R"("content":"391","reasoning_content":"Q\n")") != answer.npos);
}

TEST_CASE("thoughts of a whole answer end where their tag does", "[gemini][answer]") {
    auto message = [](std::string_view members) {
        return fmt::format(R"({{"choices":[{{"index":0,"message":{{{}}}}}],"id":"a"}})", members);
    };
    constexpr auto flagged = R"(,"extra_content":{"google":{"thought":true,)"
                             R"("thought_signature":"c2ln"}},"role":"assistant")";
    constexpr auto signed_only =
        R"(,"extra_content":{"google":{"thought_signature":"c2ln"}},"role":"assistant")";
    constexpr auto plain = R"(,"role":"assistant")";
    struct row {
        std::string given;
        std::string wanted;
    };
    std::vector<row> const rows{
        {fmt::format(R"("content":"<think>Q</think>391"{})", flagged),
         fmt::format(R"("content":"391","reasoning_content":"Q"{})", signed_only)},
        {fmt::format(R"("content":"<think>Q</think>391"{})", plain), // not flagged at all
         fmt::format(R"("content":"391","reasoning_content":"Q"{})", plain)},
        {fmt::format(R"("content":"<think>Q and"{})", flagged), // cut off while thinking
         fmt::format(R"("content":null,"reasoning_content":"Q and"{})", flagged)},
        {fmt::format(R"("content":"<think>Q</think>"{})", plain), // tool calls stand beside
         fmt::format(R"("content":null,"reasoning_content":"Q"{})", plain)},
        {fmt::format(R"("content":"Use <think>a</think>."{})", plain), // said, not thought
         fmt::format(R"("content":"Use <think>a</think>."{})", plain)},
        {fmt::format(R"("content":"No <think>a</think>."{})", flagged),
         fmt::format(R"("content":"No <think>a</think>."{})", flagged)}};
    answer_wishes wishes;
    wishes.thought_tag = "think";
    for (auto const& one : rows) {
        INFO(one.given);
        bench whole(wishes);
        CHECK(whole.answer(message(one.given)) == message(one.wanted));
    }
    bench unasked({}); // a model's own words
    auto words = message(fmt::format(R"("content":"<thought>Q</thought>391"{})", plain));
    CHECK(unasked.answer(words) == words);
}

TEST_CASE("the tag a client asked for is taken out of streamed thoughts", "[gemini][answer]") {
    auto wishes = streaming();
    wishes.thought_tag = "think";
    bench one(wishes);
    auto out = one.events(chunk(R"("delta":{"content":"<think>Q</think>","extra_content":)"
                                R"({"google":{"thought":true}},"role":"assistant"},"index":0)"));
    CHECK(out == chunk(R"("delta":{"reasoning_content":"Q","extra_content":)"
                       R"({"google":{"thought":true}},"role":"assistant"},"index":0)"));
    CHECK(one.events(text("So", true)) == text("So", false));
}

TEST_CASE("an image is found where OpenAI's clients look", "[gemini][answer]") {
    bench one({});
    auto out = one.answer(
        R"({"choices":[{"finish_reason":"stop","index":0,"message":{"audio":{"data":"iVBO",)"
        R"("extra_content":{"google":{"mime_type":"image/png"}}},"content":null,)"
        R"("role":"assistant"}}],"id":"a"})");
    CHECK(out == R"({"choices":[{"finish_reason":"stop","index":0,"message":{"images":[{"type":)"
                 R"("image_url","index":0,"image_url":{"url":"data:image/png;base64,iVBO"}}],)"
                 R"("content":null,"role":"assistant"}}],"id":"a"})");
}

TEST_CASE("missing parts of a whole answer are filled in", "[gemini][answer]") {
    bench one({});
    CHECK(one.answer(R"({"choices":[{"finish_reason":"length","index":0}]})") ==
          R"({"choices":[{"message":{"content":null,"role":"assistant"},"finish_reason":"length","index":0}]})");
    bench two({});
    CHECK(two.answer(R"({"choices":[{"index":0,"message":{"role":"assistant"}}]})") ==
          R"({"choices":[{"index":0,"message":{"content":null,"role":"assistant"}}]})");
    bench three({});
    auto sound = R"({"choices":[{"finish_reason":"stop","index":0,"message":{"content":"x",)"
                 R"("role":"assistant"}}],"usage":{"completion_tokens":1,"prompt_tokens":2,"total_tokens":3}})";
    CHECK(three.answer(sound) == sound);
    CHECK(three.repair.made().empty());
}

TEST_CASE("no answer breaks the repair", "[gemini][answer]") {
    std::string const base = chunk(R"("delta":{"role":"assistant","tool_calls":[{"function":)"
                                   R"({"arguments":"{}","name":"f"},"id":"x"}]},"index":0)",
                                   R"(,"usage":{"completion_tokens":1,"total_tokens":9})");
    std::minstd_rand random(11); // NOLINT: the same bytes each time
    for (int round = 0; round < 20'000; ++round) {
        bench one(streaming(true));
        auto bent = base;
        for (int i = 0; i < 3; ++i) {
            bent[6 + random() % (bent.size() - 8)] = "{}[]\",:0nt"[random() % 10];
        }
        auto out = one.events(bent + done);
        CHECK(out.ends_with(done));
    }
}
