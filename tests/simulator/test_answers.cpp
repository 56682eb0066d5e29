// Answers beside short copies of public captures: same keys, same order, same kinds of values.

#include "simulator/chat_content.hpp"
#include "simulator/container_answer.hpp"
#include "simulator/gemini_answer.hpp"

#include "client.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::simulator;
using namespace vertex_relay::simulator::testing;

namespace {

/// A request with its document kept alive.
struct asked {
    explicit asked(std::string_view text, chat_bends bends = {}) {
        REQUIRE(parser.parse(std::string(text)).get(document) == simdjson::SUCCESS);
        chat = read_chat_request(document);
        chat.bends = std::move(bends);
    }
    std::string whole() {
        return gemini_document(chat, compose(chat), make_stamp(chat, 1770852204));
    }
    std::vector<std::string> events() {
        std::vector<std::string> out;
        for (auto const& event : gemini_events(chat, compose(chat), make_stamp(chat, 1770852204))) {
            REQUIRE(event.starts_with("data: "));
            REQUIRE(event.ends_with("\n\n"));
            out.push_back(event.substr(6, event.size() - 8));
        }
        return out;
    }
    simdjson::dom::parser parser;
    json document;
    chat_request chat;
};

std::string text_at(std::string const& document, char const* pointer) {
    simdjson::dom::parser parser;
    json found;
    bool ok = parser.parse(document).at_pointer(pointer).get(found) == simdjson::SUCCESS;
    return ok ? std::string(text_or(found, "?")) : "absent";
}

constexpr std::string_view weather =
    R"("tools":[{"type":"function","function":{"name":"get_current_weather","parameters":{)"
    R"("type":"object","properties":{"location":{"type":"string"},)"
    R"("unit":{"type":"string","enum":["celsius","fahrenheit"]}}}}}],)";

// Google's examples page, non-stream answer after a tool result.
constexpr std::string_view capture_text =
    R"({"choices":[{"finish_reason":"stop","index":0,"logprobs":null,"message":{"content":"Here",)"
    R"("role":"assistant"}}],"created":1770852204,"id":"bA-NacCPKoae_9MPsNCn6Qc","model":)"
    R"("google/gemini-3.1-pro-preview","object":"chat.completion","system_fingerprint":"","usage":)"
    R"({"completion_tokens":16,"extra_properties":{"google":{"traffic_type":"ON_DEMAND"}},)"
    R"("prompt_tokens":1139,"total_tokens":1155}})";

// The same page, streamed tool arguments: first fragment, second fragment, last chunk.
constexpr std::string_view capture_first_fragment =
    R"({"choices":[{"delta":{"role":"assistant","tool_calls":[{"extra_content":{"google":{)"
    R"("thought_signature":"..."}},"function":{"arguments":"","name":"get_current_weather"},"id":)"
    R"("function-call-c855348a-459a-46a4-a8ad-aa0a4e7c3563","index":1,"type":"function"}]},)"
    R"("index":0,"logprobs":null}],"created":1770850461,"id":"nQiNafGyF5rw998PstqooAY","model":)"
    R"("google/gemini-3.1-pro-preview","object":"chat.completion.chunk","system_fingerprint":""})";
constexpr std::string_view capture_last_fragment =
    R"({"choices":[{"delta":{"role":"assistant","tool_calls":[{"function":{"arguments":"}","name":)"
    R"("get_current_weather"},"id":"function-call-df0d087c-ad74-46f1-ba4a-9353cbf288a8","index":1,)"
    R"("type":"function"}]},"finish_reason":"tool_calls","index":0,"logprobs":null}],"created":1,)"
    R"("id":"nQiNafGyF5rw998PstqooAY","model":"google/gemini-3.1-pro-preview","object":)"
    R"("chat.completion.chunk","system_fingerprint":"","usage":{"completion_tokens":45,)"
    R"("completion_tokens_details":{"reasoning_tokens":504},"extra_properties":{"google":{)"
    R"("traffic_type":"ON_DEMAND"}},"prompt_tokens":27,"total_tokens":576}})";

// Open models: no extra_properties.
constexpr std::string_view capture_maas_last =
    R"({"choices":[{"delta":{"content":"C","role":"assistant"},"finish_reason":"stop","index":0,)"
    R"("logprobs":null}],"created":1,"id":"2025-06-11|10:00:00.292195-07|9.7.144.202|-123456789",)"
    R"("model":"MODEL","object":"chat.completion.chunk","system_fingerprint":"","usage":{)"
    R"("completion_tokens":131,"prompt_tokens":14,"total_tokens":145}})";

constexpr std::string_view capture_image =
    R"({"choices":[{"finish_reason":"stop","index":0,"logprobs":null,"message":{"audio":{"data":)"
    R"("B","extra_content":{"google":{"mime_type":"image/png"}}},"content":null,"role":)"
    R"("assistant"}}],"created":1,"id":"i","model":"m","object":"chat.completion",)"
    R"("system_fingerprint":"","usage":{"completion_tokens":1120,"extra_properties":{"google":{)"
    R"("traffic_type":"P"}},"prompt_tokens":7,"total_tokens":1378}})";

} // namespace

TEST_CASE("a document has the capture's keys in the capture's order") {
    asked one(hello("google/gemini-3.1-pro-preview"));
    auto document = one.whole();
    CHECK(shape_of(document) == shape_of(capture_text));
    auto id = text_at(document, "/id");
    CHECK(id.size() == 23);
    CHECK(id.find_first_of("+/=") == std::string::npos);
    CHECK(text_at(document, "/choices/0/message/content").starts_with("You said: Hello"));
    CHECK(one.chat.model == "google/gemini-3.1-pro-preview");
}

TEST_CASE("the same request gets the same words") {
    asked one(hello("google/gemini-3.5-flash"));
    CHECK(text_at(one.whole(), "/choices/0/message/content") ==
          text_at(one.whole(), "/choices/0/message/content"));
}

TEST_CASE("a stream repeats the role, ends with usage and DONE, and adds up to the text") {
    asked one(hello("google/gemini-3.5-flash"));
    auto events = one.events();
    REQUIRE(events.size() >= 4);
    CHECK(events.back() == "[DONE]");
    std::string text;
    for (std::size_t i = 0; i + 1 < events.size(); ++i) {
        bool last = i + 2 == events.size();
        CHECK(text_at(events[i], "/choices/0/delta/role") == "assistant");
        CHECK((events[i].find("finish_reason") != std::string::npos) == last);
        CHECK((events[i].find("\"usage\"") != std::string::npos) == last);
        text += text_at(events[i], "/choices/0/delta/content");
    }
    CHECK(text == text_at(one.whole(), "/choices/0/message/content"));
}

TEST_CASE("an open model has a dated id and no traffic type") {
    asked one(hello("zai-org/glm-5.2-maas"));
    auto events = one.events();
    CHECK(shape_of(events[events.size() - 2]) == shape_of(capture_maas_last));
    CHECK(text_at(events[0], "/id").starts_with("2026-02-11|23:23:24."));
}

TEST_CASE("streamed arguments look like the capture and flip their index") {
    asked one(hello("google/gemini-3.1-pro-preview",
                    std::string(weather) + R"("reasoning_effort":"low","extra_body":{"google":{)"
                                           R"("stream_function_call_arguments":true}},)"),
              {.parallel_calls = 2});
    auto events = one.events();
    CHECK(shape_of(events.front()) == shape_of(capture_first_fragment));
    CHECK(shape_of(events[events.size() - 2]) == shape_of(capture_last_fragment));
    CHECK(events.front().find("\"index\":1,\"type\"") != std::string::npos);
    CHECK(events[1].find("\"index\":0,\"type\"") != std::string::npos);
    std::string arguments;
    auto id = text_at(events[0], "/choices/0/delta/tool_calls/0/id");
    for (auto const& event : events) {
        bool same = text_at(event, "/choices/0/delta/tool_calls/0/id") == id;
        arguments += same ? text_at(event, "/choices/0/delta/tool_calls/0/function/arguments") : "";
    }
    CHECK(arguments == R"({"location":"a location","unit":"celsius"})");
}

TEST_CASE("a text of several steps gets calls in as many rounds, then words") {
    constexpr std::string_view tools =
        R"("tools":[{"type":"function","function":{"name":"get_a"}},)"
        R"({"type":"function","function":{"name":"get_b"}},)"
        R"({"type":"function","function":{"name":"get_c"}}],)";
    constexpr std::string_view call = R"({"role":"assistant","tool_calls":[{"id":"1","type":)"
                                      R"("function","function":{"name":"f","arguments":"{}"}}]},)"
                                      R"({"role":"tool","tool_call_id":"1","content":"x"})";
    auto after = [&](int rounds) {
        std::string body = R"({"model":"google/gemini-3.5-flash",)" + std::string(tools) +
                           R"("messages":[{"role":"user","content":"Use get_b and get_c, then )"
                           R"(get_a, then stop."})";
        for (int i = 0; i < rounds; ++i) {
            body.append(",").append(call);
        }
        return asked(body + "]}").whole();
    };
    CHECK(text_at(after(0), "/choices/0/message/tool_calls/0/function/name") == "get_b");
    CHECK(text_at(after(0), "/choices/0/message/tool_calls/1/function/name") == "get_c");
    CHECK(text_at(after(1), "/choices/0/message/tool_calls/0/function/name") == "get_a");
    CHECK(text_at(after(1), "/choices/0/message/tool_calls/1/function/name") == "absent");
    CHECK(text_at(after(2), "/choices/0/message/tool_calls/0/function/name") == "absent");
    CHECK(text_at(after(2), "/choices/0/message/content").find("The tool answered: x") !=
          std::string::npos);
    CHECK(text_at(after(7), "/choices/0/finish_reason") == "stop");
}

TEST_CASE("of parallel calls only the first is signed, and only by Gemini 3") {
    asked three(hello("google/gemini-3.5-flash", weather), {.parallel_calls = 2});
    auto document = three.whole();
    CHECK(text_at(document, "/choices/0/finish_reason") == "tool_calls");
    CHECK(text_at(document, "/choices/0/message/tool_calls/0/extra_content/google/"
                            "thought_signature") != "absent");
    CHECK(text_at(document, "/choices/0/message/tool_calls/1/type") == "function");
    CHECK(text_at(document, "/choices/0/message/tool_calls/1/extra_content") == "absent");
    CHECK(text_at(document, "/choices/0/message/content") == "absent");
    asked two(hello("google/gemini-2.5-flash", weather));
    CHECK(two.whole().find("thought_signature") == std::string::npos);
}

TEST_CASE("tool_choice decides which tool is called, or none") {
    std::string two = R"("tools":[{"function":{"name":"a"}},{"function":{"name":"b"}}],)";
    auto called = [](std::string const& document) {
        return text_at(document, "/choices/0/message/tool_calls/0/function/name");
    };
    CHECK(called(asked(hello("google/gemini-2.5-flash", two)).whole()) == "a");
    CHECK(called(asked(hello("google/gemini-2.5-flash",
                             two + R"("tool_choice":{"function":{"name":"b"}},)"))
                     .whole()) == "b");
    CHECK(called(asked(hello("google/gemini-2.5-flash", two + R"("tool_choice":"none",)"))
                     .whole()) == "absent");
}

TEST_CASE("the Developer API's dialect has no call index and says stop") {
    asked one(hello("google/sim-devapi", weather), {.developer_api = true});
    auto events = one.events();
    CHECK(text_at(events[0], "/choices/0/finish_reason") == "stop");
    CHECK(events[0].find("\"id\":\"function-call") != std::string::npos);
    CHECK(events[0].find("\"index\":0,\"type\"") == std::string::npos);
}

TEST_CASE("limits and formats shape the text") {
    auto content = [](std::string_view extra) {
        return text_at(asked(hello("google/gemini-3.5-flash", extra)).whole(),
                       "/choices/0/message/content");
    };
    CHECK(content(R"("max_tokens":2,)") == "You said");
    CHECK(content(R"("stop":["ello"],)") == "You said: H");
    CHECK(content(R"("stop":"said",)") == "You ");
    CHECK(content(R"("response_format":{"type":"json_object"},)").starts_with(R"({"answer":"You)"));
    CHECK(content(R"("response_format":{"type":"json_schema","json_schema":{"schema":{"$ref":)"
                  R"("#/$defs/p","$defs":{"p":{"type":"object","properties":{"n":{"type":)"
                  R"("integer"}}}}}}},)") == R"({"n":1})");
    auto cut = asked(hello("google/gemini-3.5-flash", R"("max_tokens":2,"n":2,)")).whole();
    CHECK(text_at(cut, "/choices/1/finish_reason") == "length");
}

TEST_CASE("thoughts are flagged, and tagged only when a marker is given") {
    auto thinking = [](std::string_view marker) {
        return hello("google/gemini-3.5-flash",
                     std::string(R"("extra_body":{"google":{"thinking_config":)"
                                 R"({"include_thoughts":true})") +
                         std::string(marker) + "}},");
    };
    auto plain = asked(thinking("")).events();
    CHECK(plain[0].find(R"("extra_content":{"google":{"thought":true}},"role")") !=
          std::string::npos);
    CHECK(text_at(plain[0], "/choices/0/delta/content").starts_with("**"));
    auto tagged = asked(thinking(R"(,"thought_tag_marker":"think")")).events();
    CHECK(text_at(tagged[0], "/choices/0/delta/content").starts_with("<think>**"));
    CHECK(plain[plain.size() - 2].find(R"("reasoning_tokens":128)") != std::string::npos);
}

TEST_CASE("an image comes in message.audio") {
    asked one(hello("google/gemini-3-pro-image"), {.image = true});
    CHECK(shape_of(one.whole()) == shape_of(capture_image));
}

TEST_CASE("containers answer in OpenAI's shapes and obey stream_options") {
    asked one(hello(""));
    one.chat.include_usage = true;
    auto content = compose(one.chat);
    auto vllm = container_events(one.chat, content, make_container("12", 1));
    CHECK(vllm.front().find(R"("delta":{"role":"assistant","content":""},"logprobs":null,)"
                            R"("finish_reason":null)") != std::string::npos);
    CHECK(vllm[vllm.size() - 2].find(R"("choices":[],"usage":{"prompt_tokens")") !=
          std::string::npos);
    CHECK(vllm.front().substr(0, 22) == R"(data: {"id":"chatcmpl-)");
    one.chat.include_usage = false;
    for (auto const& event : container_events(one.chat, content, make_container("12", 1))) {
        CHECK(event.find("usage") == std::string::npos);
    }
    auto tgi = container_events(one.chat, content, make_container("13", 1));
    CHECK(tgi.front().find(R"("id":"")") != std::string::npos);
    CHECK(container_document(content, make_container("12", 1)).find(R"("refusal":null)") !=
          std::string::npos);
}
