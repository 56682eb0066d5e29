// Answers held whole for repair, which share the memory of `limits.buffered_bytes`.

#include "net/gate.hpp"
#include "net/relay_rig.hpp"
#include "net/relay_shape.hpp"
#include "net/scripted_origin.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;

constexpr std::size_t room = 800'000;      ///< half of it for answers
constexpr std::size_t long_text = 300'000; ///< of which two do not fit there

std::string ask_gemini(bool stream) { return chat("google/gemini-3.5-flash", stream); }

/// As Vertex AI writes it: the finish reason is not yet OpenAI's.
std::string choice(std::string_view kind, std::string_view words) {
    return fmt::format(R"({{"choices":[{{"finish_reason":"STOP","index":0,"{}":{{"content":"{}",)"
                       R"("role":"assistant"}}}}],"created":1,"id":"a","model":"google/g"}})",
                       kind, words);
}

std::string long_answer() { return choice("message", std::string(long_text, 'w')); }
std::string long_event() {
    return fmt::format("data: {}\n\n", choice("delta", std::string(long_text, 'w')));
}

/// Answers with `whole`; the first connection stops in its middle until the gate opens.
scripted_origin::script halting(std::string const& whole, gate& release) {
    return [whole, &release, first = std::make_shared<std::atomic<bool>>(true)](origin_line& line) {
        while (line.read()) {
            bool halts = first->exchange(false);
            line.send(std::string_view(whole).substr(0, whole.size() - 1'000));
            if (halts) {
                release.wait();
            }
            line.send(std::string_view(whole).substr(whole.size() - 1'000));
        }
    };
}

struct memory_rig {
    explicit memory_rig(std::string const& whole)
        : origin(halting(whole, release)), relay([this](core::config& settings, auto const&) {
              origin.stand_in(settings);
              settings.limits.buffered_bytes = room;
          }) {}

    /// A client whose answer is held, all but its end.
    relay_client hold(bool stream) {
        auto client = relay.connect();
        REQUIRE(client.send(ask_gemini(stream)));
        REQUIRE(eventually([&] { return relay.load.buffered_bytes > long_text - 20'000; }));
        return client;
    }
    bool gives_all_back() {
        return eventually([&] { return relay.load.buffered_bytes == 0; });
    }

    gate release;
    scripted_origin origin;
    relay_rig relay;
};

} // namespace

TEST_CASE("a long answer passes as it is while there is no room to repair it", "[relay][limit]") {
    memory_rig rig(json_answer(long_answer()));
    auto first = rig.hold(false);
    auto second = rig.relay.ask(ask_gemini(false));
    CHECK(second.status == 200);
    CHECK(second.body == long_answer());
    CHECK(second.field("x-vertex-relay-repairs").empty());
    rig.release.open();
    auto held = first.read();
    CHECK(held.complete);
    CHECK(held.body.find(R"("finish_reason":"stop")") != held.body.npos);
    CHECK(rig.gives_all_back());
    auto third = rig.relay.ask(ask_gemini(false));
    CHECK(third.body == held.body);
}

TEST_CASE("an answer that must be repaired is refused where there is no room", "[relay][limit]") {
    memory_rig rig(json_answer(long_answer()));
    auto first = rig.hold(false);
    auto body = chat_body("google/gemini-3.5-flash", false);
    body.insert(1, R"("tools":[{"type":"function","function":{"name":"a/b"}}],)");
    auto second = rig.relay.ask(post_chat(body));
    CHECK(second.status == 503);
    REQUIRE(problem_of(second.body));
    CHECK(problem_of(second.body)->code == "overloaded");
    rig.release.open();
    CHECK(first.read().complete);
    CHECK(rig.gives_all_back());
}

TEST_CASE("a long event for which there is no room ends its stream", "[relay][limit]") {
    auto events = long_event() + "data: [DONE]\n\n";
    memory_rig rig(stream_head() + fmt::format("{:x}\r\n{}\r\n", events.size(), events) +
                   std::string(last_chunk));
    auto first = rig.hold(true);
    auto second = rig.relay.connect();
    auto broken = second.ask(ask_gemini(true));
    auto told = stream_of(broken.body);
    CHECK_FALSE(broken.complete);
    REQUIRE(told.problem);
    CHECK(told.problem->code == "overloaded");
    CHECK(told.problem->message.find("limits.buffered_bytes") != std::string::npos);
    rig.release.open();
    auto held = first.read();
    CHECK(held.complete);
    CHECK(text_of(stream_of(held.body)) == std::string(long_text, 'w'));
    CHECK(rig.gives_all_back());
}
