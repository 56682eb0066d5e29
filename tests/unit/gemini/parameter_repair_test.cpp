#include "repairing.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace vertex_relay;
using namespace vertex_relay::tests;

namespace {

std::string with(std::string_view members) {
    return fmt::format(R"({{"messages":[{{"role":"user","content":"U"}}]{}}})", members);
}

std::string tools(std::string_view list, std::string_view more = "") {
    return with(fmt::format(R"(,"tools":[{}]{})", list, more));
}

struct row {
    char const* given;
    char const* wanted;
    char const* repairs;
};

void check(std::string_view model, std::initializer_list<row> rows) {
    for (auto const& one : rows) {
        INFO(one.given);
        auto out = repaired(with(one.given), rules_for(model));
        CHECK(out.body == with(one.wanted));
        CHECK(out.repairs == one.repairs);
    }
}

constexpr auto flash = "google/gemini-3.5-flash";

} // namespace

TEST_CASE("parameters Vertex does not know go, all others stay", "[gemini][repair]") {
    check(flash,
          {{R"(,"temperature":0.5,"top_k":3,"n":2,"seed":7)",
            R"(,"temperature":0.5,"top_k":3,"n":2,"seed":7)", ""},
           {R"(,"user":"u","temperature":1,"store":true,"metadata":{"a":1})", R"(,"temperature":1)",
            "parameters"},
           {R"(,"stream":true,"stream_options":{"include_usage":true})", R"(,"stream":true)",
            "parameters"},
           {R"(,"web_search_options":{"search_context_size":"low"})", R"(,"web_search_options":{})",
            "parameters"}});
    auto out = repaired(with(R"(,"logprobs":true,"top_logprobs":3)"), rules_for(flash));
    CHECK(out.body == with(""));
    CHECK(out.note == "logprobs are not available on Gemini");
}

TEST_CASE("the answer knows what was asked for", "[gemini][repair]") {
    auto out = repaired(with(R"(,"stream":true,"stream_options":{"include_usage":true})"));
    CHECK(out.wishes.stream);
    CHECK(out.wishes.include_usage);
    CHECK_FALSE(repaired(with("")).wishes.include_usage);
}

TEST_CASE("no more tokens are asked for than the model writes", "[gemini][repair]") {
    check(flash, {{R"(,"max_tokens":128000)", R"(,"max_tokens":65536)", "max_tokens"},
                  {R"(,"max_completion_tokens":99999999999)", R"(,"max_completion_tokens":65536)",
                   "max_tokens"},
                  {R"(,"max_tokens":100,"max_completion_tokens":50)",
                   R"(,"max_completion_tokens":50)", "max_tokens"},
                  {R"(,"max_tokens":65536)", R"(,"max_tokens":65536)", ""}});
}

TEST_CASE("efforts become those the model knows", "[gemini][repair]") {
    check(flash, {{R"(,"reasoning_effort":"none")", R"(,"reasoning_effort":"minimal")", "reasoning"},
                  {R"(,"reasoning_effort":"xhigh")", R"(,"reasoning_effort":"high")", "reasoning"},
                  {R"(,"reasoning_effort":"medium")", R"(,"reasoning_effort":"medium")", ""},
                  {R"(,"reasoning_effort":"odd")", "", "reasoning"},
                  {R"(,"reasoning_effort":null)", "", "reasoning"},
                  {R"(,"reasoning":{"effort":"high","enabled":true})",
                   R"(,"reasoning_effort":"high")", "reasoning"},
                  {R"(,"reasoning_effort":"low","extra_body":{"google":{"thinking_config":{}}})",
                   R"(,"extra_body":{"google":{"thinking_config":{}}})", "reasoning"}});
    check("google/gemini-3.1-pro-preview",
          {{R"(,"reasoning_effort":"minimal")", R"(,"reasoning_effort":"low")", "reasoning"}});
    check("google/gemini-2.5-flash",
          {{R"(,"reasoning_effort":"minimal")", R"(,"reasoning_effort":"low")", "reasoning"}});
    check("google/gemini-3-pro-image", {{R"(,"reasoning_effort":"high")", "", "reasoning"}});
}

TEST_CASE("a google at the top moves into extra_body", "[gemini][repair]") {
    check(flash,
          {{R"(,"google":{"cached_content":"c"})", R"(,"extra_body":{"google":{"cached_content":"c"}})",
            "google_extension"},
           {R"(,"google":{"a":1},"extra_body":{"x":2})", R"(,"extra_body":{"google":{"a":1},"x":2})",
            "google_extension"},
           {R"(,"google":{"a":1},"extra_body":{"google":{}})",
            R"(,"google":{"a":1},"extra_body":{"google":{}})", ""}});
}

TEST_CASE("thoughts of a whole answer are asked for in tags", "[gemini][repair]") {
    constexpr auto config = R"("thinking_config":{"include_thoughts":true})";
    auto google = [](std::string_view members) {
        return fmt::format(R"(,"extra_body":{{"google":{{{}}}}})", members);
    };
    auto marked = google(fmt::format(R"("thought_tag_marker":"thought",{})", config));
    auto out = repaired(with(google(config)));
    CHECK(out.body == with(marked));
    CHECK(out.repairs == "thoughts");
    CHECK(out.wishes.thought_tag == "thought");

    auto moved = repaired(with(fmt::format(R"(,"google":{{{}}})", config)));
    CHECK(moved.body == with(marked));
    CHECK(moved.repairs == "google_extension,thoughts");

    auto own = google(fmt::format(R"({},"thought_tag_marker":"think")", config));
    auto kept = repaired(with(own));
    CHECK(kept.body == with(own));
    CHECK(kept.wishes.thought_tag == "think");
    for (auto const& same :
         {R"(,"stream":true)" + google(config), // each thought has its flag there
          google(R"("thinking_config":{"include_thoughts":false})"),
          google(R"("thinking_config":{"thinking_budget":128})"), google("")}) {
        auto untouched = repaired(with(same));
        CHECK(untouched.body == with(same));
        CHECK(untouched.wishes.thought_tag.empty());
    }
    auto rules = rules_for(flash);
    rules.enabled.remove(core::repair::thoughts);
    CHECK(repaired(with(google(config)), rules).body == with(google(config)));
}

TEST_CASE("tools keep what Vertex knows", "[gemini][repair]") {
    constexpr auto f = R"({"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"a":{"type":"string"}}}}})";
    constexpr auto g = R"({"type":"function","function":{"name":"g"}})";
    auto both = fmt::format("{},{}", f, g);
    CHECK(repaired(tools(both)).body == tools(both));
    CHECK(repaired(tools(R"({"type":"function","strict":true,"function":{"name":"g","strict":true}})"))
              .body == tools(g));
    auto hosted = repaired(tools(fmt::format(R"({},{{"type":"web_search"}})", g)));
    CHECK(hosted.body == tools(g));
    CHECK(hosted.note == "tools of type web_search are not available on Gemini");
    CHECK(repaired(with(R"(,"tools":[],"tool_choice":"auto")")).body == with(""));
    CHECK(repaired(with(R"(,"tool_choice":"auto")")).body == with(""));
    auto named = R"(,"tool_choice":{"type":"function","function":{"name":"g"}})";
    CHECK(repaired(tools(both, named)).body == tools(g, R"(,"tool_choice":"required")"));
    auto allowed = R"(,"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto",)"
                   R"("tools":[{"type":"function","function":{"name":"f"}}]}})";
    CHECK(repaired(tools(both, allowed)).body == tools(f, R"(,"tool_choice":"auto")"));
    for (auto const* foreign :
         {R"({"type":"custom","custom":{"name":"f"}})", R"({"type":"web_search"})",
          R"({"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"custom","custom":{"name":"c"}}]}})"}) {
        CHECK(repaired(tools(both, R"(,"tool_choice":)" + std::string(foreign))).body ==
              tools(both, R"(,"tool_choice":"none")"));
    }
    auto alone = repaired(tools(R"({"type":"custom","custom":{"name":"c"}})"));
    CHECK(alone.body == with(""));
    CHECK(alone.note == "tools of type custom are not available on Gemini");
    CHECK(repaired(tools(both, R"(,"tool_choice":"any")")).body ==
          tools(both, R"(,"tool_choice":"required")"));
}

TEST_CASE("what parameters say that Vertex has no form for, the function says",
          "[gemini][repair]") {
    auto function = [](std::string_view schema) {
        return fmt::format(R"({{"type":"function","function":{{"name":"f"{}}}}})", schema);
    };
    auto map = R"(,"parameters":{"type":"object","additionalProperties":{"type":"number"}})";
    auto out = repaired(tools(R"({"type":"function","function":{"name":"f","description":"Sums.")" +
                              std::string(map) + "}}"));
    CHECK(out.body == tools(R"({"type":"function","function":{"name":"f","description":"Sums.\n\n)"
                            R"(Arguments: Any property names are allowed, with values that match )"
                            R"({\"type\":\"number\"}."}})"));
    CHECK(repaired(tools(function(map))).body.find(R"("description":"Arguments: Any)") !=
          std::string::npos);
    auto none = R"(,"parameters":{"type":"object","properties":{},"additionalProperties":false})";
    CHECK(repaired(tools(function(none))).body == tools(function("")));
}

TEST_CASE("a note says each thing once, and not too much", "[gemini][repair]") {
    std::string many;
    for (int i = 0; i < 3'000; ++i) {
        many += fmt::format(R"({}{{"type":"kind_{}"}})", i == 0 ? "" : ",", i % 500);
    }
    auto out = repaired(tools(many));
    CHECK(out.note.size() <= 1'000);
    CHECK(out.note.starts_with("tools of type kind_0 are not available on Gemini; tools of type "
                               "kind_1 are"));
    CHECK(repaired(tools(R"({"type":"ж\r\n"},{"type":"б"})")).note ==
          "tools of type of no known name are not available on Gemini");
}

TEST_CASE("a parameter that is null was not given", "[gemini][repair]") {
    check(flash, {{R"(,"max_tokens":100,"max_completion_tokens":null)",
                   R"(,"max_tokens":100,"max_completion_tokens":null)", ""},
                  {R"(,"reasoning_effort":null,"reasoning":{"effort":"high"})",
                   R"(,"reasoning_effort":"high")", "reasoning"},
                  {R"(,"extra_body":null,"google":{"a":1})",
                   R"(,"extra_body":{"google":{"a":1}})", "google_extension"},
                  {R"(,"top_logprobs":null)", "", "parameters"}});
    CHECK(repaired(with(R"(,"top_logprobs":null)")).note.empty());
}

TEST_CASE("an effort beside a google that moves into extra_body is one too many",
          "[gemini][repair]") {
    check(flash, {{R"(,"reasoning_effort":"high","google":{"thinking_config":{}},"extra_body":{"x":1})",
                   R"(,"extra_body":{"google":{"thinking_config":{}},"x":1})",
                   "reasoning,google_extension"}});
}

TEST_CASE("who misses a parameter is told", "[gemini][repair]") {
    CHECK(repaired(with(R"(,"parallel_tool_calls":false)")).note ==
          "Gemini may call several tools at once");
    CHECK(repaired(with(R"(,"parallel_tool_calls":true,"service_tier":"auto")")).note.empty());
    CHECK(repaired(with(R"(,"service_tier":"flex")")).note ==
          "service_tier is not available on Gemini");
}

TEST_CASE("each repair can be left out", "[gemini][repair]") {
    auto body = with(R"(,"user":"u","max_tokens":128000,"reasoning_effort":"none")");
    auto rules = rules_for(flash);
    rules.enabled = {};
    CHECK(repaired(body, rules).body == body);
    rules.enabled = core::repair_set::all();
    rules.enabled.remove(core::repair::max_tokens);
    CHECK(repaired(body, rules).body == with(R"(,"max_tokens":128000,"reasoning_effort":"minimal")"));
}

TEST_CASE("a request without messages is left to Vertex", "[gemini][repair]") {
    for (auto const* body : {"{}", R"({"user":"u"})", R"({"messages":"x","user":"u"})",
                             R"({"messages":null})"}) {
        CHECK(repaired(body).body == body);
    }
    CHECK(repaired(R"({"messages":[],"user":"u"})").body == R"({"messages":[]})");
    CHECK(repaired(R"({"messages":[1,"a",null,{}]})").body == R"({"messages":[1,"a",null,{}]})");
}

TEST_CASE("who wants an answer stored is told that it is not", "[gemini][repair]") {
    auto asked = [](std::string_view store) {
        return repaired(R"({"messages":[{"role":"user","content":"U"}],"store":)" +
                        std::string(store) + "}");
    };
    CHECK(asked("true").note == "answers are not stored");
    CHECK(asked("false").note.empty());
}
