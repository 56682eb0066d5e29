// Requests on their way to Gemini: what is changed, what is told of it, and for whom nothing is.

#include "net/recording_origin.hpp"
#include "net/relay_rig.hpp"
#include "net/relay_shape.hpp"
#include "net/upload.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;

constexpr std::string_view gemini = "google/gemini-3.5-flash";

std::string request_for(std::string_view model, std::string_view rest) {
    return fmt::format(R"({{"model":"{}",{}}})", model, rest);
}

/// Needs `roles`, `max_tokens` and `parameters`, and asks in vain for logprobs.
constexpr std::string_view needy =
    R"("messages":[ {"role":"developer","content":"Be brief."},{"role":"user","content":"Hi"} ],)"
    R"("max_tokens":9999999,"logprobs":true,"temperature":1E+0)";
constexpr std::string_view needy_repaired =
    R"("messages":[ {"role":"system","content":"Be brief."},{"role":"user","content":"Hi"} ],)"
    R"("max_tokens":65536,"temperature":1E+0)";

core::model_route alias(std::string name, std::string model, bool passthrough = false) {
    core::model_route route{.name = std::move(name), .model = std::move(model)};
    route.passthrough = passthrough;
    return route;
}

struct recorded_rig {
    explicit recorded_rig(relay_rig::adjustment const& adjust = {})
        : relay([&](core::config& settings, simulator::instance const& vertex) {
              settings.log.access = true;
              settings.models = {alias("raw", std::string(gemini), true),
                                 alias("fast", std::string(gemini)),
                                 {.name = "own", .endpoint = "1234"}};
              if (adjust) {
                  adjust(settings, vertex);
              }
              origin.stand_in(settings);
          }),
          client(relay.connect()) {}

    http_answer ask(std::string const& body) {
        auto answer = client.ask(post_chat(body));
        INFO(answer.head << answer.body);
        CHECK(answer.status == 200);
        return answer;
    }

    recording_origin origin;
    relay_rig relay;
    relay_client client;
};

} // namespace

TEST_CASE("a request to Gemini is repaired and says so", "[relay][repair]") {
    recorded_rig rig;
    for (auto const* name : {"google/gemini-3.5-flash", "gemini-3.5-flash", "fast"}) {
        auto answer = rig.ask(request_for(name, needy));
        CHECK(rig.origin.take().body == request_for(gemini, needy_repaired));
        CHECK(answer.field("x-vertex-relay-repairs") == "roles,max_tokens,parameters");
        CHECK(answer.field("x-vertex-relay-note") == "logprobs are not available on Gemini");
        CHECK(rig.relay.logs_line_with({fmt::format(R"("model":"{}")", name),
                                        R"("repairs":"roles,max_tokens,parameters")"}));
    }
}

TEST_CASE("a request that needs nothing is sent as it came", "[relay][repair]") {
    recorded_rig rig;
    std::mt19937 random(20'261'124);
    for (std::string const rest :
         {R"( "messages" : [ { "role":"user","content" : "\u0048i" } ] , "temperature":1E+0 )",
          R"("messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url",)"
          R"("image_url":{"url":"data:image/png;base64,AAAA"}}]}],"stop":["\ud83d\ude00"],"n":1)",
          R"("messages":[{"role":"user","content":"x"},{"role":"assistant","content":null,)"
          R"("tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"},)"
          R"("extra_content":{"google":{"thought_signature":"own"}}}]},)"
          R"({"role":"tool","tool_call_id":"1","name":"f","content":"r"}])"}) {
        auto answer = rig.ask(request_for("fast", rest));
        CHECK(rig.origin.take().body == request_for(gemini, rest));
        CHECK(answer.head.find("x-vertex-relay-repairs") == std::string::npos);
        CHECK(answer.head.find("x-vertex-relay-note") == std::string::npos);
        auto in_chunks = post_chunked(random_chunks(request_for("fast", rest), random));
        CHECK(rig.client.ask(in_chunks).status == 200);
        CHECK(rig.origin.take().body == request_for(gemini, rest));
    }
    CHECK(rig.relay.logs_line_with({R"("model":"fast")", R"("repairs":"")"}));
}

TEST_CASE("what is not Gemini passes untouched", "[relay][repair]") {
    recorded_rig rig;
    for (auto const* name : {"raw", open_model.data(), "google/gemma-4-31b-it", "own"}) {
        CAPTURE(name);
        auto answer = rig.ask(request_for(name, needy));
        auto sent = std::string_view(name) == "own" ? fmt::format("{{{}}}", needy)
                    : std::string_view(name) == "raw" ? request_for(gemini, needy)
                                                      : request_for(name, needy);
        CHECK(rig.origin.take().body == sent);
        CHECK(answer.body == recording_origin::answer);
        CHECK(answer.head.find("x-vertex-relay-repairs") == std::string::npos);
        CHECK(answer.head.find("x-vertex-relay-note") == std::string::npos);
    }
}

TEST_CASE("a single repair can be left out, and all of them", "[relay][repair]") {
    recorded_rig one([](core::config& settings, auto const&) {
        settings.repairs.disable = {"roles", "max_tokens"};
    });
    auto answer = one.ask(request_for("fast", needy));
    CHECK(answer.field("x-vertex-relay-repairs") == "parameters");
    auto sent = one.origin.take().body;
    CHECK(sent.find("developer") != std::string::npos);
    CHECK(sent.find("9999999") != std::string::npos);
    CHECK(sent.find("logprobs") == std::string::npos);

    recorded_rig none([](core::config& settings, auto const&) {
        for (auto name : core::repair_names()) {
            settings.repairs.disable.emplace_back(name);
        }
    });
    CHECK(none.ask(request_for("fast", needy)).head.find("repairs") == std::string::npos);
    CHECK(none.origin.take().body == request_for(gemini, needy));
}

TEST_CASE("what cannot be repaired is refused before anything is sent", "[relay][repair]") {
    recorded_rig rig;
    auto body = request_for("fast", R"("messages":[{"role":"user","content":[)"
                                    R"({"type":"file","file":{"file_id":"file-1"}}]}])");
    auto answer = rig.client.ask(post_chat(body));
    CHECK(answer.status == 400);
    auto problem = problem_of(answer.body);
    REQUIRE(problem);
    CHECK(problem->type == "invalid_request_error");
    CHECK(problem->code == "unsupported_file");
    CHECK(rig.origin.count() == 0);
    CHECK(rig.relay.logs_line_with({R"("cause":"unsupported_file")", R"("phase":"route")",
                                    R"("attempts":0)"}));
    rig.ask(request_for("fast", needy)); // the connection goes on
    CHECK(rig.origin.connections() == 1);
}

TEST_CASE("a refusal names what had been repaired", "[relay][repair]") {
    relay_rig rig;
    REQUIRE(rig.vertex->add_rule(R"({"model":"google/gemini-3.5-flash","fault":"400"})"));
    auto answer = rig.ask(post_chat(request_for(gemini, needy)));
    CHECK(answer.status == 400);
    CHECK(answer.field("x-vertex-relay-repairs") == "roles,max_tokens,parameters");
}

TEST_CASE("each try is repaired for its own target", "[relay][repair][retry]") {
    std::mutex mutex;
    std::vector<std::string> bodies;
    scripted_origin origin([&](origin_line& line) {
        while (auto request = line.read()) {
            std::scoped_lock lock(mutex);
            bodies.push_back(request->body);
            bool last = request->body.find("llama") != std::string::npos;
            line.send(last ? json_answer(R"({"choices":[]})")
                           : "HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\n"
                             "Content-Length: 2\r\n\r\n{}");
        }
    });
    relay_rig rig([&](core::config& settings, auto const&) {
        settings.retry = {.max = 1, .min_delay_ms = core::milliseconds(1)};
        settings.log.access = true;
        settings.models = {{.name = "steady",
                            .model = "google/gemini-2.5-flash",
                            .fallbacks = {std::string(gemini), "google/gemini-3.1-pro-preview",
                                          std::string(open_model)}}};
        origin.stand_in(settings);
    });
    constexpr std::string_view rest = R"("messages":[{"role":"developer","content":"a"},)"
                                      R"({"role":"user","content":"b"}],"reasoning_effort":"{}")";
    auto with = [&](std::string_view effort, bool repaired) {
        std::string text(rest);
        text.replace(text.find("{}"), 2, effort);
        return repaired ? text.replace(text.find("developer"), 9, "system") : text;
    };
    auto answer = rig.ask(post_chat(request_for("steady", with("minimal", false))));
    CHECK(answer.status == 200);
    REQUIRE(bodies.size() == 5);
    CHECK(bodies[0] == request_for("google/gemini-2.5-flash", with("low", true)));
    CHECK(bodies[1] == bodies[0]);
    CHECK(bodies[2] == request_for(gemini, with("minimal", true)));
    CHECK(bodies[3] == request_for("google/gemini-3.1-pro-preview", with("low", true)));
    CHECK(bodies[4] == request_for(open_model, with("minimal", false)));
    CHECK(answer.body == R"({"choices":[]})");
    CHECK(answer.head.find("x-vertex-relay-repairs") == std::string::npos); // of the last try
    CHECK(rig.logs_line_with({R"("attempts":5)", R"("repairs":"")"}));
}
