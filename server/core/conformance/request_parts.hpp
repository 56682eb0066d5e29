#pragma once
// What the requests of several checks have in common, as members of a JSON object.

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace vertex_relay::core::conformance {

/// A question for one word, told apart from those of other checks by `topic`: a capture is found
/// again by its request.
inline std::string one_word(std::string_view topic) {
    return fmt::format(
        R"("messages":[{{"role":"user","content":"Answer with the one word hello ({})."}}])", topic);
}

inline constexpr std::string_view weather_parameters =
    R"({"type":"object","properties":{"city":{"type":"string","description":"A city"}},)"
    R"("required":["city"]})";

inline std::string tool(std::string_view name, std::string_view parameters) {
    return fmt::format(R"("tools":[{{"type":"function","function":{{"name":"{}",)"
                       R"("description":"The weather in a city.","parameters":{}}}}}])",
                       name, parameters);
}

inline std::string weather_tool() { return tool("get_weather", weather_parameters); }

inline std::string weather_question(std::string_view topic) {
    return fmt::format(R"("messages":[{{"role":"user","content":"How is the weather in Boston? )"
                       R"(Ask get_weather ({})."}}])",
                       topic);
}

/// A call that was made before: members of it besides id, type and function, with their comma.
struct past_call {
    std::string_view arguments = R"({\"city\":\"Boston\"})"; ///< as they stand in the JSON string
    std::string_view more = {};
    std::string_view content = "null";
    std::string_view result_more = R"(,"name":"get_weather")";
};

inline constexpr std::string_view plain_dummy =
    R"(,"extra_content":{"google":{"thought_signature":"skip_thought_signature_validator"}})";

inline std::string calling_turn(past_call const& call) {
    return fmt::format(R"({{"role":"user","content":"How is the weather in Boston?"}},)"
                       R"({{"role":"assistant","content":{},"tool_calls":[{{"id":"call_1",)"
                       R"("type":"function","function":{{"name":"get_weather","arguments":"{}"}}{}}}]}})",
                       call.content, call.arguments, call.more);
}

/// A conversation after one call and its result.
inline std::string answered_call(past_call const& call) {
    return fmt::format(R"("messages":[{},{{"role":"tool","tool_call_id":"call_1",)"
                       R"("content":"sunny, 20 degrees"{}}}],{})",
                       calling_turn(call), call.result_more, weather_tool());
}

} // namespace vertex_relay::core::conformance
