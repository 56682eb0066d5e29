#include "core/conformance/check.hpp"
#include "core/conformance/request_parts.hpp"

namespace vertex_relay::core::conformance {

namespace {

using enum sign;

constexpr std::string_view think =
    R"("thinking_config":{"include_thoughts":true,"thinking_budget":128})";

std::string with_google(std::string_view topic, std::string_view inner) {
    return fmt::format(R"({},"extra_body":{{"google":{{{}}}}})", one_word(topic), inner);
}

std::vector<check> surroundings() {
    std::vector<expectation> answers{{status, "200"}, {text}};
    return {
        {.name = "bad-token",
         .question = "Does a 401 come as an array or as an object?",
         .section = "5.2, 13.1",
         .members = one_word("token"),
         .past = {{status, "401"}, {array_error}, {says_error, "authentication credential"}},
         .through = {},
         .bad_token = true},
        {.name = "bare-model",
         .question = "Is a model without its publisher refused?",
         .section = "1.5",
         .members = one_word("bare"),
         .past = {{status, "400"}, {array_error}, {says_error, "Malformed publisher model"}},
         .through = {{status, "200"}, {text}},
         .model = "gemini-3.5-flash"},
        {.name = "unknown-model",
         .question = "What does an unknown model answer?",
         .section = "5.2, 5.5",
         .members = one_word("unknown"),
         .past = {{status, "404"}, {array_error}, {says_error, "Publisher Model"}},
         .through = {{status, "404"}, {openai_error}, {error_code, "model_not_found"}},
         .model = "google/gemini-0.0-nothing"},
        {.name = "us-location",
         .question = "Does the host of the multi-region us serve openapi?",
         .section = "1.1, 13.5",
         .members = one_word("us"),
         .past = answers,
         .through = answers,
         .where = place::gemini_us},
        {.name = "eu-location",
         .question = "And that of eu?",
         .section = "1.1, 13.5",
         .members = one_word("eu"),
         .past = answers,
         .through = answers,
         .where = place::gemini_eu},
        {.name = "gemini-2.5",
         .question = "Does Gemini 2.5 still answer in this project?",
         .section = "9, 13.13",
         .members = one_word("older"),
         .past = answers,
         .through = {},
         .where = place::older},
        {.name = "gemini-3.6",
         .question = "Does gemini-3.6-flash still answer in this project?",
         .section = "9, 13.13",
         .members = one_word("retiring"),
         .past = answers,
         .through = {},
         .where = place::retiring},
        {.name = "legacy-completions",
         .question = "Does the legacy path completions know Gemini?",
         .section = "1.2, 13.11",
         .members = R"("prompt":"Answer with the one word hello.")",
         .past = {{google_answer}},
         .through = {},
         .verb = "completions"},
    };
}

std::vector<check> thought_checks() {
    return {
        {.name = "thoughts",
         .question = "Is thinking_config honoured, and where do thoughts stand?",
         .section = "3.2, 4.3, 13.2",
         .members = with_google("thoughts",
                                std::string(think) + R"(,"thought_tag_marker":"thought")"),
         .past = {{status, "200"}, {thoughts}},
         .through = {{status, "200"}, {reasoning}}},
        {.name = "thoughts-untagged",
         .question = "Without a marker, do thoughts and answer share one content?",
         .section = "4.3",
         .members = with_google("untagged thoughts", think),
         .past = {{status, "200"}, {thoughts}},
         .through = {}},
        {.name = "thoughts-stream",
         .question = "And in a stream?",
         .section = "4.3",
         .members = with_google("streamed thoughts", think),
         .past = {{status, "200"}, {thoughts}, {text}, {done}},
         .through = {{status, "200"}, {reasoning}, {no_thoughts}, {text}, {done}},
         .stream = true},
    };
}

std::vector<check> parameter_checks() {
    return {
        {.name = "two-choices",
         .question = "Does n = 2 give two choices?",
         .section = "3.1, 13.7",
         .members = one_word("twice") + R"(,"n":2)",
         .past = {{status, "200"}, {choices, "2"}},
         .through = {{status, "200"}, {choices, "2"}}},
        {.name = "usage-declined",
         .question = "Does include_usage = false hold usage back?",
         .section = "4.3, 13.10",
         .members = one_word("no usage") + R"(,"stream_options":{"include_usage":false})",
         .past = {{status, "200"}, {usage_last}, {done}},
         .through = {{status, "200"}, {no_usage}, {done}},
         .stream = true},
        {.name = "unlisted-parameters",
         .question = "Are parameters that Google does not list ignored?",
         .section = "3.1, 13.7",
         .members = one_word("unlisted") +
                    R"(,"store":false,"user":"u","metadata":{"a":"b"},"verbosity":"low",)"
                    R"("parallel_tool_calls":false,"service_tier":"auto","logit_bias":{"1":1})",
         .past = {{status, "200"}, {text}},
         .through = {{status, "200"}, {text}}},
        {.name = "unlisted-wrong-type",
         .question = "Even if they are of the wrong type?",
         .section = "13.10",
         .members = one_word("wrong type") + R"(,"store":"perhaps","logit_bias":[1])",
         .past = {{status, "200"}, {text}},
         .through = {{status, "200"}, {text}}},
        {.name = "logprobs",
         .question = "Are logprobs ignored?",
         .section = "3.1, 13.7",
         .members = one_word("logprobs") + R"(,"logprobs":true,"top_logprobs":2)",
         .past = {{status, "200"}, {text}},
         .through = {{status, "200"}, {text}}},
        {.name = "streamed-arguments",
         .question = "Do fragments of one call carry different indices?",
         .section = "3.2, 4.3",
         .members = weather_question("fragments") + "," + weather_tool() +
                    R"(,"extra_body":{"google":{"stream_function_call_arguments":true}})",
         .past = {{status, "200"}, {called, "get_weather"}, {calls_flip}, {done}},
         .through = {{status, "200"}, {called, "get_weather"}, {calls_indexed}, {done}},
         .stream = true},
        {.name = "web-search",
         .question = "Is a search grounded answer an ordinary one? (billed for the search)",
         .section = "3.1, 13.7",
         .members = one_word("search") + R"(,"web_search_options":{})",
         .past = {{status, "200"}, {text}},
         .through = {{status, "200"}, {text}},
         .named_only = true},
        {.name = "image-output",
         .question = "Where does an image stand in the answer? (an image costs some 15 cents)",
         .section = "4.1, 13.8",
         .members = R"("messages":[{"role":"user","content":"Paint a red dot."}],)"
                    R"("modalities":["text","image"],"max_tokens":4096)",
         .past = {{status, "200"}, {audio_image}},
         .through = {{status, "200"}, {images}},
         .where = place::painter,
         .named_only = true},
    };
}

} // namespace

std::vector<check> open_question_checks() {
    auto rows = surroundings();
    for (auto part : {thought_checks, parameter_checks}) {
        auto more = part();
        rows.insert(rows.end(), more.begin(), more.end());
    }
    return rows;
}

} // namespace vertex_relay::core::conformance
