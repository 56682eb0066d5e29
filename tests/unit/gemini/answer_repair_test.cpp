#include "answering.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <random>
#include <vector>

using namespace vertex_relay::core;
using namespace vertex_relay::tests;

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

TEST_CASE("an end tag in the middle of the answer is a word of it", "[gemini][answer]") {
    bench one(streaming());
    auto thought = chunk(R"("delta":{"content":"Hm","extra_content":{"google":{"thought":true}},)"
                         R"("role":"assistant"},"index":0)");
    one.events(thought);
    CHECK(one.events(text("The tag </thought> ends it", true)) ==
          text("The tag </thought> ends it", false));
    bench two(streaming());
    two.events(thought);
    CHECK(two.events(text("</thought>Said", true)) == text("Said", false));
}

TEST_CASE("thoughts of a whole answer end where their tag does", "[gemini][answer]") {
    auto message = [](std::string_view members) {
        return fmt::format(R"({{"choices":[{{"finish_reason":"stop","index":0,"message":{{{}}}}}],)"
                           R"("id":"a"}})",
                           members);
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
    struct row {
        std::string given;
        std::string wanted;
    };
    std::vector<row> const rows{
        {R"({"index":0,"message":{"role":"assistant"}})",
         R"({"finish_reason":"stop","index":0,"message":{"content":null,"role":"assistant"}})"},
        {R"({"finish_reason":null,"message":{"content":"x","role":"assistant"}})",
         R"({"finish_reason":"stop","message":{"content":"x","role":"assistant"}})"},
        {R"({"finish_reason":"stop","message":null})",
         R"({"finish_reason":"stop","message":{"content":null,"role":"assistant"}})"},
        {R"({"finish_reason":"stop","message":{"content":"x"}})",
         R"({"finish_reason":"stop","message":{"role":"assistant","content":"x"}})"},
        {R"({"finish_reason":"stop","image":{"data":"iVBO","extra_content":{"google":)"
         R"({"mime_type":"image/png"}}}})",
         R"({"message":{"content":null,"role":"assistant","images":[{"type":"image_url","index":0,)"
         R"("image_url":{"url":"data:image/png;base64,iVBO"}}]},"finish_reason":"stop","image":)"
         R"({"data":"iVBO","extra_content":{"google":{"mime_type":"image/png"}}}})"}};
    for (auto const& each : rows) {
        INFO(each.given);
        bench two({});
        CHECK(two.answer(fmt::format(R"({{"choices":[{}]}})", each.given)) ==
              fmt::format(R"({{"choices":[{}]}})", each.wanted));
    }
    bench three({});
    auto sound = R"({"choices":[{"finish_reason":"stop","index":0,"message":{"content":"x",)"
                 R"("role":"assistant"}}],"usage":{"completion_tokens":1,"prompt_tokens":2,"total_tokens":3}})";
    CHECK(three.answer(sound) == sound);
    CHECK(three.repair.made().empty());
}

TEST_CASE("an answer without a choice is one that was blocked", "[gemini][answer]") {
    constexpr auto blocked = R"({"finish_reason":"content_filter","index":0,"message":)"
                             R"({"content":null,"role":"assistant"}})";
    bench none({});
    CHECK(none.answer(R"({"choices":[],"id":"a"})") ==
          fmt::format(R"({{"choices":[{}],"id":"a"}})", blocked));
    bench null({});
    CHECK(null.answer(R"({"choices":null,"id":"a"})") ==
          fmt::format(R"({{"choices":[{}],"id":"a"}})", blocked));
    bench thought({});
    CHECK(thought.answer(R"({"choices":[],"usage":{"prompt_tokens":2,"total_tokens":9}})")
              .find(R"("finish_reason":"stop")") != std::string::npos);
    bench list({});
    CHECK(list.answer(R"({"data":[],"object":"list"})") == R"({"data":[],"object":"list"})");
    for (auto const* nothing : {"", ": ping\n\n", "data: {\"a\":\ndata: 1}\n\n"}) {
        bench silent(streaming());
        CHECK(silent.events(std::string(nothing) + done) == std::string(nothing) + done);
    }
    bench stream(streaming());
    auto out = stream.events(
        std::string(R"(data: {"choices":[],"created":7,"id":"a","model":"google/g"})") + "\n\n" + done);
    CHECK(out.find(R"("choices":[{"delta":{"role":"assistant"},"finish_reason":"content_filter",)"
                   R"("index":0}],"created":7,"id":"a")") != out.npos);
}

TEST_CASE("a choice of a stream always has a delta", "[gemini][answer]") {
    for (auto const* given : {R"("finish_reason":"stop","index":0)",
                              R"("delta":null,"finish_reason":"stop","index":0)"}) {
        bench one(streaming());
        CHECK(one.events(chunk(given)) ==
              chunk(R"("delta":{},"finish_reason":"stop","index":0)"));
    }
}

TEST_CASE("tokens of thoughts alone are completion tokens", "[gemini][answer]") {
    bench one({});
    auto out = one.answer(R"({"choices":[{"finish_reason":"length","message":{"content":null,"role":)"
                          R"("assistant"}}],"usage":{"prompt_tokens":2,"total_tokens":9}})");
    CHECK(out.find(R"("usage":{"completion_tokens":7,"completion_tokens_details":{"reasoning_tokens":7},)"
                   R"("prompt_tokens":2)") != out.npos);
}

TEST_CASE("an image takes the place of a role that goes", "[gemini][answer]") {
    bench one(streaming());
    one.events(text("x", true));
    auto out = one.events(chunk(R"("delta":{"role":"assistant"},"index":0,"image":{"data":"iVBO",)"
                                R"("extra_content":{"google":{"mime_type":"image/png"}}})"));
    CHECK(out.find(R"("delta":{"images":[{"type":"image_url","index":0,"image_url":{"url":)"
                   R"("data:image/png;base64,iVBO"}}]},"index":0)") != out.npos);
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
