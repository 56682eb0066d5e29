// Thought signatures: clients drop them, Gemini 3 asks for them, nobody notices.

#include "core/json_text.hpp"
#include "net/relay_rig.hpp"
#include "net/relay_shape.hpp"
#include "net/scripted_origin.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <simdjson.h>

#include <sys/stat.h>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;

constexpr std::string_view gemini = "google/gemini-3.5-flash";
constexpr std::string_view tools =
    R"("tools":[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object",)"
    R"("properties":{"city":{"type":"string"}},"required":["city"]}}}])";

struct tool_call {
    std::string id;
    std::string name;
    std::string arguments;
};

tool_call call_of(simdjson::dom::element call) {
    auto text = [&](std::string_view pointer) {
        std::string_view value;
        return call.at_pointer(pointer).get(value) ? std::string() : std::string(value);
    };
    return {text("/id"), text("/function/name"), text("/function/arguments")};
}

/// The first call of an answer, streamed or not, as a client keeps it that drops signatures.
std::optional<tool_call> first_call(std::string_view body) {
    simdjson::dom::parser parser;
    simdjson::dom::element found;
    auto look = [&](std::string_view json, std::string_view place) {
        return !json.empty() &&
               !parser.parse(json.data(), json.size()).at_pointer(place).get(found);
    };
    if (look(body, "/choices/0/message/tool_calls/0")) {
        return call_of(found);
    }
    for (auto const& event : stream_of(body).events) {
        auto json = event.starts_with("data: {") ? event.substr(6) : std::string();
        if (look(json, "/choices/0/delta/tool_calls/0")) {
            return call_of(found);
        }
    }
    return std::nullopt;
}

std::string first_round(bool stream) {
    return post_chat(fmt::format(R"({{"model":"{}","stream":{},{},"messages":[{{"role":"user",)"
                                 R"("content":"Use get_weather."}}]}})",
                                 gemini, stream, tools));
}

std::string second_round(tool_call const& call) {
    return post_chat(fmt::format(
        R"({{"model":"{}",{},"messages":[{{"role":"user","content":"Use get_weather."}},)"
        R"({{"role":"assistant","content":null,"tool_calls":[{{"id":"{}","type":"function",)"
        R"("function":{{"name":"{}","arguments":{}}}}}]}},)"
        R"({{"role":"tool","tool_call_id":"{}","name":"{}","content":"21 degrees"}}]}})",
        gemini, tools, call.id, call.name, core::json_string(call.arguments), call.id, call.name));
}

tool_call begin(relay_rig& rig, bool stream) {
    auto answer = rig.ask(first_round(stream));
    REQUIRE(answer.status == 200);
    auto call = first_call(answer.body);
    REQUIRE(call);
    CHECK(call->name == "get_weather");
    return *call;
}

/// Answers every request with one signed call and keeps what it was asked.
class signing_origin {
public:
    void stand_in(core::config& settings) const { origin_.stand_in(settings); }
    std::string last_body() {
        std::scoped_lock lock(mutex_);
        return body_;
    }

private:
    void serve(origin_line& line) {
        while (auto request = line.read()) {
            std::scoped_lock lock(mutex_);
            body_ = request->body;
            line.send(json_answer(
                R"({"choices":[{"finish_reason":"tool_calls","index":0,"message":{"content":null,)"
                R"("role":"assistant","tool_calls":[{"extra_content":{"google":)"
                R"({"thought_signature":"real+/="}},"function":{"arguments":"{\"city\": \"Rome\"}",)"
                R"("name":"get_weather"},"id":"call-1","type":"function"}]}}]})"));
        }
    }

    std::mutex mutex_;
    std::string body_;
    scripted_origin origin_{[this](origin_line& line) { serve(line); }}; ///< last: it uses the rest
};

/// The signatures in a body, in order.
std::vector<std::string> signatures_in(std::string_view body) {
    constexpr std::string_view key = R"("thought_signature":")";
    std::vector<std::string> out;
    for (auto at = body.find(key); at != body.npos; at = body.find(key, at + 1)) {
        auto rest = body.substr(at + key.size());
        out.emplace_back(rest.substr(0, rest.find('"')));
    }
    return out;
}

using texts = std::vector<std::string>;
constexpr auto dummy = "skip_thought_signature_validator";

} // namespace

TEST_CASE("a client may drop the signatures of its calls", "[relay][signature]") {
    relay_rig rig([](core::config& settings, auto const&) { settings.log.access = true; });
    for (bool stream : {false, true}) {
        auto answer = rig.ask(second_round(begin(rig, stream)));
        INFO(answer.body);
        CHECK(answer.status == 200);
        CHECK(answer.body.find("21 degrees") != std::string::npos);
        CHECK(answer.field("x-vertex-relay-repairs") == "signatures");
    }
    CHECK(rig.logs_line_with({R"("repairs":"signatures")"}));
}

TEST_CASE("without the repair, Gemini 3 refuses a call that lost its signature",
          "[relay][signature]") {
    relay_rig rig([](core::config& settings, auto const&) {
        settings.repairs.disable = {"signatures"};
    });
    auto answer = rig.ask(second_round(begin(rig, true)));
    CHECK(answer.status == 400);
    CHECK(answer.body.find("thought_signature") != std::string::npos);
}

TEST_CASE("the signature a call came with goes back with it", "[relay][signature]") {
    signing_origin origin;
    relay_rig rig([&](core::config& settings, auto const&) { origin.stand_in(settings); });
    auto call = begin(rig, false);
    rig.ask(second_round(call));
    CHECK(signatures_in(origin.last_body()) == texts{"real+/="});
    CHECK(origin.last_body().find(R"("tool_calls":[{"extra_content":{"google":{"thought_signature":)"
                                  R"("real+/="}},"id":"call-1")") != std::string::npos);

    call.id = "rewritten"; // then by what was called
    call.arguments = R"({"city":"Rome"})";
    rig.ask(second_round(call));
    CHECK(signatures_in(origin.last_body()) == texts{"real+/="});

    call.arguments = R"({"city":"Oslo"})";
    rig.ask(second_round(call));
    CHECK(signatures_in(origin.last_body()) == texts{dummy});
}

TEST_CASE("a client's own signature is never touched", "[relay][signature]") {
    signing_origin origin;
    relay_rig rig([&](core::config& settings, auto const&) { origin.stand_in(settings); });
    auto own = second_round(begin(rig, false));
    auto body = own.substr(own.find("\r\n\r\n") + 4);
    body.insert(body.find(R"("id":)"), R"("extra_content":{"google":{"thought_signature":"mine"}},)");
    auto answer = rig.ask(post_chat(body));
    CHECK(origin.last_body() == body);
    CHECK(answer.field("x-vertex-relay-repairs").empty());
}

TEST_CASE("histories survive a restart with a file", "[relay][signature]") {
    signing_origin origin;
    scratch_directory files;
    auto path = files.write("signatures", "");
    auto with_file = [&](core::config& settings, auto const&) {
        settings.signatures.file = path;
        origin.stand_in(settings);
    };
    tool_call call;
    {
        relay_rig rig(with_file);
        call = begin(rig, false);
    }
    struct stat kept{};
    REQUIRE(::stat(path.c_str(), &kept) == 0);
    CHECK((kept.st_mode & 0777U) == 0600U);
    relay_rig restarted(with_file);
    restarted.ask(second_round(call));
    CHECK(signatures_in(origin.last_body()) == texts{"real+/="});
    relay_rig forgetful([&](core::config& settings, auto const&) { origin.stand_in(settings); });
    forgetful.ask(second_round(call));
    CHECK(signatures_in(origin.last_body()) == texts{dummy});
}
