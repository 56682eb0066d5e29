// Answers of Gemini on their way to the client, however they are cut and however they end.

#include "net/recital.hpp"
#include "net/relay_shape.hpp"
#include "unit/http/wire.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;

std::string ask(bool stream, std::string_view more = "") {
    return post_chat(fmt::format(R"({{"model":"google/gemini-3.5-flash","stream":{},{}"messages":[)"
                                 R"({{"role":"user","content":"Hi"}}]}})",
                                 stream, more));
}
std::string ask_for_usage() { return ask(true, R"("stream_options":{"include_usage":true},)"); }

/// `choice` is the inside of the one choice, as Vertex writes it.
std::string event(std::string_view choice, std::string_view more = "") {
    return fmt::format(R"(data: {{"choices":[{{{}}}],"created":7,"id":"a","model":"google/g",)"
                       R"("object":"chat.completion.chunk","system_fingerprint":""{}}})"
                       "\n\n",
                       choice, more);
}

std::string words(std::string_view text, bool role) {
    return event(fmt::format(R"("delta":{{"content":"{}"{}}},"index":0,"logprobs":null)", text,
                             role ? R"(,"role":"assistant")" : ""));
}

constexpr std::string_view usage =
    R"({"completion_tokens":5,"completion_tokens_details":{"reasoning_tokens":20},)"
    R"("prompt_tokens":3,"total_tokens":28})";
constexpr std::string_view openai_usage =
    R"({"completion_tokens":25,"completion_tokens_details":{"reasoning_tokens":20},)"
    R"("prompt_tokens":3,"total_tokens":28})";
constexpr std::string_view done = "data: [DONE]\n\n";

std::string thought(std::string_view text) {
    return event(fmt::format(R"("delta":{{"content":"{}","extra_content":{{"google":{{)"
                             R"("thought":true}}}},"role":"assistant"}},"index":0)",
                             text));
}

/// Everything a Gemini stream may hold at once: thoughts, text, calls in fragments, usage.
std::string vertex_stream() {
    constexpr std::string_view call = R"("delta":{{"role":"assistant","tool_calls":[{{"function":{{)"
                                      R"("arguments":"{}","name":"f"}},"id":"c1","index":{},)"
                                      R"("type":"function"}}]}},"index":0{})";
    return ": ping\n\n" + thought("Hm.") + words("A", true) + words("B", true) + words("C", true) +
           event(fmt::format(fmt::runtime(call), R"({\"a\")", 1, "")) +
           event(fmt::format(fmt::runtime(call), ":1}", 0, R"(,"finish_reason":"STOP")"),
                 fmt::format(",\"usage\":{}", usage)) +
           std::string(done);
}

std::string openai_stream() {
    return ": ping\n\n" +
           event(R"("delta":{"reasoning_content":"Hm.","extra_content":{"google":{"thought":true}},)"
                 R"("role":"assistant"},"index":0)") +
           words("A", false) + words("B", false) + words("C", false) +
           event(R"("delta":{"tool_calls":[{"function":{"arguments":"{\"a\"","name":"f"},"id":"c1",)"
                 R"("index":0,"type":"function"}]},"index":0)") +
           event(R"("delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]},"index":0,)"
                 R"("finish_reason":"tool_calls","native_finish_reason":"STOP")") +
           fmt::format(R"(data: {{"choices":[],"created":7,"id":"a","model":"google/g",)"
                       R"("object":"chat.completion.chunk","usage":{}}})"
                       "\n\n",
                       openai_usage) +
           std::string(done);
}

relay_rig::adjustment with_access_log() {
    return [](core::config& settings, auto const&) { settings.log.access = true; };
}

} // namespace

TEST_CASE("a Gemini stream is repaired wherever it is cut", "[relay][answer]") {
    recital_rig rig;
    auto client = rig.relay.connect();
    auto const wanted = openai_stream();
    std::size_t wrong = 0;
    auto check = [&](recital form) {
        auto answer = rig.play(client, std::move(form), ask_for_usage());
        bool same = answer.complete && answer.body == wanted;
        wrong += same ? 0 : 1;
        if (!same && wrong < 3) {
            FAIL_CHECK("got " << answer.body << "\nnot " << wanted);
        }
    };
    auto const text = vertex_stream();
    auto wire = stream_head() + chunked(text, {text.size()});
    for (std::size_t cut = 1; cut < wire.size(); cut += 3) {
        check({{wire.substr(0, cut), wire.substr(cut)}, true});
    }
    std::mt19937 random(4);
    for (int i = 0; i < 30; ++i) {
        std::vector<std::size_t> sizes{random() % 50 + 1, random() % 400 + 1};
        check({random_pieces(stream_head() + chunked(text, sizes), 40, random)});
    }
    CHECK(wrong == 0);
    CHECK(rig.connections() == 1);
}

TEST_CASE("a Gemini stream is repaired byte by byte", "[relay][answer]") {
    recital_rig rig;
    auto client = rig.relay.connect();
    auto wire = stream_head() + chunked(vertex_stream(), {1'000'000});
    std::vector<std::string> bytes;
    for (char c : wire) {
        bytes.emplace_back(1, c);
    }
    auto answer = rig.play(client, {bytes, true}, ask_for_usage());
    CHECK(answer.complete);
    CHECK(answer.body == openai_stream());
}

TEST_CASE("line ends of every kind survive repairs", "[relay][answer]") {
    recital_rig rig;
    for (auto const* line_end : {"\r\n", "\r"}) {
        auto client = rig.relay.connect();
        auto came = words("A", true) + words("B", true) + words("C", true);
        auto text = with_line_ends(came, line_end);
        auto answer = rig.play(client, {{stream_head() + chunked(text + final_events(), {90})}},
                               ask(true));
        CHECK(answer.body == with_line_ends(words("A", true) + words("B", false) +
                                                words("C", false),
                                            line_end) +
                                 final_events());
    }
}

TEST_CASE("clean events of Gemini arrive as the bytes they came in", "[relay][answer]") {
    recital_rig rig(with_access_log());
    auto text = words("A", true) + words("B", false) + ": c\n\n" + words("C", false) +
                final_events();
    auto client = rig.relay.connect();
    auto answer = rig.play(client, {{stream_head() + chunked(text, {70, 300})}}, ask(true));
    CHECK(answer.body == text);
    CHECK(rig.relay.logs_line_with({R"("status":200)", R"("repairs":"")"}));
}

TEST_CASE("usage comes only if asked for, and is accounted for anyway", "[relay][answer]") {
    recital_rig rig(with_access_log());
    auto client = rig.relay.connect();
    auto answer = rig.play(client, {{stream_head() + chunked(vertex_stream(), {500})}}, ask(true));
    CHECK(answer.body.find("\"usage\"") == std::string::npos);
    CHECK(rig.relay.logs_line_with(
        {R"("tokens_in":3)", R"("tokens_out":25)",
         R"("repairs":"roles_once,tool_calls,finish_reasons,usage,thoughts")"}));
}

TEST_CASE("a stream without [DONE] gets it, with what is owed in front", "[relay][answer]") {
    recital_rig rig;
    auto client = rig.relay.connect();
    auto text = vertex_stream();
    text.resize(text.size() - done.size());
    auto answer = rig.play(client, {{stream_head() + chunked(text, {400})}}, ask_for_usage());
    CHECK(answer.complete);
    CHECK(answer.body == openai_stream());
}

TEST_CASE("a broken Gemini stream ends with an error and no finish", "[relay][answer]") {
    struct row {
        std::string tail; ///< behind two whole events
        bool close;
        std::string code;
    };
    auto one = GENERATE(
        row{std::string(last_chunk), false, "stream_incomplete"},
        row{"", true, "upstream_reset"},
        row{chunk("data: {\"choices\":[{\"delta\":{\"cont"), true, "upstream_reset"},
        row{"zz\r\n", false, "upstream_protocol_error"},
        row{chunk("{\n  \"error\": {\n    \"code\": 503,\n    \"message\": \"gone\",\n"
                  "    \"status\": \"UNAVAILABLE\"\n  }\n}\n") +
                std::string(last_chunk),
            false, ""});
    recital_rig rig;
    auto client = rig.relay.connect();
    auto answer = rig.play(client,
                           {{stream_head() + chunk(words("A", true)) + chunk(words("B", true)) +
                             one.tail},
                            false,
                            one.close},
                           ask_for_usage());
    CHECK_FALSE(answer.complete);
    CHECK(client.wait_for_end() == ending::closed);
    auto stream = stream_of(answer.body);
    REQUIRE(stream.problem);
    CHECK((one.code.empty() || stream.problem->code == one.code));
    CHECK(stream.events.size() == 3);
    CHECK(stream.events[1] == words("B", false));
    CHECK(answer.body.find("finish_reason") == std::string::npos);
    CHECK(answer.body.find("[DONE]") == std::string::npos);
}

TEST_CASE("an image of half a megabyte is moved where clients look for it", "[relay][answer]") {
    recital_rig rig;
    auto bytes = std::string(500'000, 'A');
    auto text = event(fmt::format(R"("delta":{{"audio":{{"data":"{}","extra_content":{{"google":{{)"
                                  R"("mime_type":"image/png"}}}}}},"role":"assistant"}},)"
                                  R"("finish_reason":"stop","index":0)",
                                  bytes)) +
                std::string(done);
    auto wanted = event(fmt::format(R"("delta":{{"images":[{{"type":"image_url","index":0,)"
                                    R"("image_url":{{"url":"data:image/png;base64,{}"}}}}],)"
                                    R"("role":"assistant"}},"finish_reason":"stop","index":0)",
                                    bytes)) +
                  std::string(done);
    auto client = rig.relay.connect();
    auto answer = rig.play(client, {{stream_head() + chunked(text, {8'192})}}, ask(true));
    bool same = answer.complete && answer.body == wanted; // not a CHECK that prints a megabyte
    CHECK(same);
    rig.relay.on_worker([](io::worker& at) { CHECK(at.repaired_text.capacity() <= 64 * 1024); });
}

TEST_CASE("an old client gets a repaired stream, too", "[relay][answer]") {
    recital_rig rig;
    auto client = rig.relay.connect();
    auto old = ask_for_usage();
    old.replace(old.find("1.1"), 3, "1.0");
    auto answer = rig.play(client, {{stream_head() + chunked(vertex_stream(), {300})}}, old);
    CHECK_FALSE(answer.chunked);
    CHECK(answer.body == openai_stream());
}

TEST_CASE("a whole answer of Gemini is repaired", "[relay][answer]") {
    recital_rig rig(with_access_log());
    auto came = fmt::format(R"({{"choices":[{{"finish_reason":"MAX_TOKENS","index":0,"message":{{)"
                            R"("role":"assistant"}}}}],"id":"a","usage":{}}})",
                            usage);
    auto wanted = fmt::format(R"({{"choices":[{{"finish_reason":"length","native_finish_reason":)"
                              R"("MAX_TOKENS","index":0,"message":{{"content":null,)"
                              R"("role":"assistant"}}}}],"id":"a","usage":{}}})",
                              openai_usage);
    for (auto const& head : {fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                                         "Content-Length: {}\r\n\r\n{}",
                                         came.size(), came),
                             "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                             "Transfer-Encoding: chunked\r\n\r\n" +
                                 chunked(came, {7, 100})}) {
        auto client = rig.relay.connect();
        auto answer = rig.play(client, {{head}}, ask(false));
        CHECK(answer.complete);
        CHECK(answer.body == wanted);
        CHECK(answer.field("content-length") == std::to_string(wanted.size()));
        CHECK(answer.field("x-vertex-relay-repairs") == "finish_reasons,usage,missing_fields");
        CHECK(rig.relay.logs_line_with({R"("tokens_out":25)",
                                        R"("repairs":"finish_reasons,usage,missing_fields")"}));
    }
}

TEST_CASE("a long whole answer of Gemini is held and repaired", "[relay][answer]") {
    recital_rig rig;
    auto text = std::string(300'000, 'w');
    auto came = fmt::format(R"({{"choices":[{{"finish_reason":"STOP","index":0,"message":{{"content":)"
                            R"("{}","role":"assistant"}}}}]}})",
                            text);
    auto client = rig.relay.connect();
    auto answer = rig.play(client, {{json_answer(came)}}, ask(false));
    CHECK(answer.complete);
    CHECK(answer.body.find(R"("finish_reason":"stop")") != std::string::npos);
    auto cut = json_answer(came);
    cut.resize(200'000); // and one that breaks off is told by its status
    auto broken = rig.play(client, {{cut}, false, true}, ask(false));
    CHECK(broken.status == 502);
    CHECK(problem_of(broken.body));
}

TEST_CASE("an answer repair can be left out", "[relay][answer]") {
    recital_rig rig([](core::config& settings, auto const&) {
        settings.repairs.disable = {"roles_once", "usage"};
    });
    auto text = words("A", true) + words("B", true) + words("C", true) +
                event(R"("delta":{"role":"assistant"},"finish_reason":"stop","index":0)",
                      fmt::format(",\"usage\":{}", usage)) +
                std::string(done);
    auto client = rig.relay.connect();
    auto answer = rig.play(client, {{stream_head() + chunked(text, {100})}}, ask(true));
    CHECK(answer.body == text);
}

TEST_CASE("an answer in another shape passes as it is", "[relay][answer]") {
    recital_rig rig;
    auto client = rig.relay.connect();
    for (std::string const text : {"{}", "{\"choices\":3}", "{\"choices\":\xff}",
                                   R"({"choices":[{"message":3,"finish_reason":[]}]})"}) {
        auto answer = rig.play(client, {{json_answer(text)}}, ask(false));
        CHECK(answer.status == 200);
        CHECK(answer.body == text);
    }
    auto odd = "data: {\"choices\":[[],{\"delta\":3}]}\n\ndata: {\"choices\"\n\ndata: 3\n\n" +
               final_events();
    auto answer = rig.play(client, {{stream_head() + chunked(odd, {9})}}, ask(true));
    CHECK(answer.complete);
    CHECK(stream_of(answer.body).done);
    CHECK(answer.body.starts_with(odd.substr(0, odd.find(final_events()))));
}
