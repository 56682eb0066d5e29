#include "core/conformance/check.hpp"
#include "core/conformance/request_parts.hpp"

namespace vertex_relay::core::conformance {

namespace {

using enum sign;

std::string turns(std::string_view messages) { return fmt::format(R"("messages":[{}])", messages); }

/// A request that Google refuses with `words` as it is and answers when it is repaired.
check refused(std::string_view name, std::string_view question, std::string members,
              std::string_view words) {
    return {.name = name,
            .question = question,
            .section = "3.5",
            .members = std::move(members),
            .past = {{status, "400"}, {says_error, words}},
            .through = {{status, "200"}}};
}

/// One that Google answers either way.
check taken(std::string_view name, std::string_view question, std::string members) {
    return {.name = name,
            .question = question,
            .section = "3.5",
            .members = std::move(members),
            .past = {{status, "200"}},
            .through = {{status, "200"}}};
}

std::vector<check> message_checks() {
    return {
        refused("roles", "Is the role developer refused?",
                turns(R"({"role":"developer","content":"Be brief."},)"
                      R"({"role":"user","content":"Say hello."})"),
                "role"),
        refused("empty_content", "Is an empty content beside tool calls refused?",
                answered_call({.more = plain_dummy, .content = R"("")"}), "parts"),
        refused("empty_message", "Is an empty message refused?",
                turns(R"({"role":"user","content":""},{"role":"user","content":"Say hello."})"),
                "parts"),
        refused("last_turn", "Is a conversation that ends with the model refused?",
                turns(R"({"role":"user","content":"Count to three."},)"
                      R"({"role":"assistant","content":"One, two,"})"),
                "ending with a model turn"),
        refused("system_only", "Is a conversation of system messages alone refused?",
                turns(R"({"role":"system","content":"Say hello."})"), "parts"),
        refused("content_parts", "Is a file part refused?",
                turns(R"({"role":"user","content":[{"type":"text","text":"Say hello."},)"
                      R"({"type":"file","file":{"filename":"a.txt",)"
                      R"("file_data":"data:text/plain;base64,aGVsbG8="}}]})"),
                "Unrecognized 'type'"),
        taken("message_keys", "Are keys of messages that Google does not list taken?",
              turns(R"({"role":"user","content":"Say hello (keys).","annotations":[],)"
                    R"("refusal":null})")),
        refused("reasoning", "Is an effort that only OpenAI knows refused?",
                one_word("effort") + R"(,"reasoning_effort":"xhigh")", "reasoning_effort"),
        {.name = "google_extension",
         .question = "Is `google` at the top level ignored?",
         .section = "3.2, 13.2",
         .members = one_word("extension") +
                    R"(,"google":{"thinking_config":{"include_thoughts":true,)"
                    R"("thinking_budget":128}})",
         .past = {{status, "200"}, {no_thoughts}},
         .through = {{status, "200"}, {reasoning}},
         .stream = true},
        {.name = "max_tokens",
         .question = "Is more than the model can write refused? (up to its longest answer)",
         .section = "3.1",
         .members = one_word("limit") + R"(,"max_tokens":10000000)",
         .past = {{status, "400"}},
         .through = {{status, "200"}},
         .named_only = true},
    };
}

std::vector<check> call_checks() {
    check split{.name = "split_calls",
                .question = "Does gemini-3.5-flash-lite refuse text beside a call?",
                .section = "3.5",
                .members = answered_call({.more = plain_dummy, .content = R"("I will ask.")"}),
                .past = {{status, "400"}, {says_error, "invalid argument"}},
                .through = {{status, "200"}},
                .where = place::lite};
    check choice{.name = "tool_choice",
                 .question = "Is a named tool_choice obeyed?",
                 .section = "3.1",
                 .members = one_word("choice") + "," + weather_tool() +
                            R"(,"tool_choice":{"type":"function",)"
                            R"("function":{"name":"get_weather"}})",
                 .past = {{status, "200"}, {called, "get_weather"}},
                 .through = {{status, "200"}, {called, "get_weather"}}};
    check names = refused("tool_names", "Is a function's name with blanks refused?",
                          weather_question("names") + "," +
                              tool("get weather!", weather_parameters) +
                              R"(,"tool_choice":"required")",
                          "function name");
    names.section = "6";
    names.through.push_back({called, "get weather!"});
    return {
        split,
        refused("tool_results", "Is a call without its result refused?",
                turns(calling_turn({.more = plain_dummy}) +
                      R"(,{"role":"user","content":"And now?"})") +
                    "," + weather_tool(),
                "function response parts"),
        taken("tool_result_names", "Is a result without the function's name taken?",
              answered_call({.more = plain_dummy, .result_more = ""})),
        refused("call_arguments", "Are arguments that are no object refused?",
                answered_call({.arguments = "[1]", .more = plain_dummy}), "argument"),
        choice,
        names,
        refused("signatures", "Is a call without its thought signature refused?",
                answered_call({}), "thought_signature"),
        taken("dummy-signature", "Is the dummy signature taken as plain text?",
              answered_call({.more = plain_dummy})),
        taken("dummy-signature-base64", "Is the dummy signature taken in base64?",
              answered_call(
                  {.more = R"(,"extra_content":{"google":{"thought_signature":)"
                           R"("c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I="}})"})),
    };
}

} // namespace

std::vector<check> repair_checks() {
    auto rows = message_checks();
    auto more = call_checks();
    rows.insert(rows.end(), more.begin(), more.end());
    return rows;
}

} // namespace vertex_relay::core::conformance
