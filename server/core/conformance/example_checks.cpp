#include "core/conformance/check.hpp"
#include "core/conformance/request_parts.hpp"

namespace vertex_relay::core::conformance {

namespace {

using enum sign;

// A white pixel, as in Google's example with an image.
constexpr std::string_view image_messages =
    R"("messages":[{"role":"user","content":[{"type":"text","text":"Which colour is this?"},)"
    R"({"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEA)"
    R"(AAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg=="}}]}])";

constexpr std::string_view answer_format =
    R"("response_format":{"type":"json_schema","json_schema":{"name":"colour","schema":)"
    R"({"type":"object","properties":{"colour":{"type":"string"}},"required":["colour"]}}})";

std::vector<check> gemini_examples() {
    return {
        {.name = "gemini-text",
         .question = "Does Gemini answer a plain question?",
         .section = "4.1, 4.2",
         .members = one_word("text"),
         .past = {{status, "200"}, {text}, {finish, "stop"}, {usage_beside}},
         .through = {{status, "200"}, {text}, {finish, "stop"}, {usage_inside}}},
        {.name = "gemini-text-stream",
         .question = "What does a stream look like: role, usage, line ends, last event?",
         .section = "4.3, 13.4",
         .members = one_word("stream"),
         .past = {{status, "200"}, {text}, {finish, "stop"}, {role_always}, {usage_last},
                  {line_feeds}, {plain_bytes}, {done}},
         .through = {{status, "200"}, {text}, {finish, "stop"}, {role_once}, {no_usage}, {done}},
         .stream = true},
        {.name = "gemini-stream-usage",
         .question = "Does usage that is asked for come in a chunk of its own?",
         .section = "4.3",
         .members = one_word("usage") + R"(,"stream_options":{"include_usage":true})",
         .past = {{status, "200"}, {usage_last}, {done}},
         .through = {{status, "200"}, {usage_alone}, {usage_inside}, {done}},
         .stream = true},
        {.name = "gemini-tool-call",
         .question = "Does a tool call come with id, type and signature?",
         .section = "3.4, 4.1",
         .members = weather_question("whole") + "," + weather_tool(),
         .past = {{status, "200"}, {called, "get_weather"}, {calls_typed}, {signed_call},
                  {finish, "tool_calls"}},
         .through = {{status, "200"}, {called, "get_weather"}, {calls_typed},
                     {finish, "tool_calls"}}},
        {.name = "gemini-tool-call-stream",
         .question = "And in a stream?",
         .section = "3.4, 4.3",
         .members = weather_question("streamed") + "," + weather_tool(),
         .past = {{status, "200"}, {called, "get_weather"}, {calls_typed}, {signed_call},
                  {finish, "tool_calls"}, {done}},
         .through = {{status, "200"}, {called, "get_weather"}, {calls_typed}, {calls_indexed},
                     {finish, "tool_calls"}, {done}},
         .stream = true},
        {.name = "gemini-image-input",
         .question = "Is an image in a data: URI looked at?",
         .section = "3.3",
         .members = std::string(image_messages),
         .past = {{status, "200"}, {text}},
         .through = {{status, "200"}, {text}}},
        {.name = "gemini-json-schema",
         .question = "Does an answer keep to a schema?",
         .section = "3.1",
         .members = one_word("schema") + "," + std::string(answer_format),
         .past = {{status, "200"}, {json_text}},
         .through = {{status, "200"}, {json_text}}},
    };
}

std::vector<check> other_examples() {
    std::vector<expectation> whole{{status, "200"}, {text}, {finish, "stop"}, {usage}};
    std::vector<expectation> streamed{{status, "200"}, {text}, {finish, "stop"}, {done}};
    return {
        {.name = "open-text",
         .question = "Does an open model answer?",
         .section = "1.5, 4.1",
         .members = one_word("open"),
         .past = whole,
         .through = whole,
         .where = place::open_model},
        {.name = "open-text-stream",
         .question = "And in a stream?",
         .section = "4.3",
         .members = one_word("open stream"),
         .past = streamed,
         .through = streamed,
         .where = place::open_model,
         .stream = true},
        {.name = "endpoint-text",
         .question = "Does a self-deployed endpoint answer without a model's name?",
         .section = "1.3, 1.5, 13.12",
         .members = one_word("endpoint"),
         .past = whole,
         .through = whole,
         .where = place::endpoint},
        {.name = "endpoint-text-stream",
         .question = "And in a stream?",
         .section = "8",
         .members = one_word("endpoint stream"),
         .past = streamed,
         .through = streamed,
         .where = place::endpoint,
         .stream = true},
    };
}

} // namespace

std::vector<check> example_checks() {
    auto rows = gemini_examples();
    auto more = other_examples();
    rows.insert(rows.end(), more.begin(), more.end());
    return rows;
}

} // namespace vertex_relay::core::conformance
