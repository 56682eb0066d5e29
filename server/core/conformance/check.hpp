#pragma once
// What is asked of the real Vertex AI, and what the relay believes it answers. One row is one
// question, asked past the relay (what does Google do?), through it (does that reach the client as
// OpenAI's clients want it?) or both.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::core::conformance {

/// Which model at which location is asked.
enum class place : std::uint8_t {
    gemini,     ///< the model that is being tested, at the configured location
    gemini_us,  ///< the same at the multi-region `us`
    gemini_eu,  ///< the same at the multi-region `eu`
    lite,       ///< gemini-3.5-flash-lite, which refuses text beside tool calls
    older,      ///< gemini-2.5-flash, closed to new projects
    retiring,   ///< gemini-3.6-flash, which is about to go
    painter,    ///< a model that answers with images
    open_model, ///< a model as a service
    endpoint,   ///< the first self-deployed endpoint among the aliases
};
inline constexpr std::size_t place_count = static_cast<std::size_t>(place::endpoint) + 1;
std::string_view name_of(place where);

enum class way : std::uint8_t { past, through };
std::string_view name_of(way how);

/// One thing that can be seen in an answer.
enum class sign : std::uint8_t {
    status,        ///< the HTTP status `word`
    says_error,    ///< the error's message contains `word`
    error_code,    ///< the error's `code` is the text `word`
    array_error,   ///< the error object stands inside an array
    openai_error,  ///< an object with `message`, `type`, `param` and `code`
    google_answer, ///< JSON, be it an error; not a page of the front end
    text,          ///< content that is not empty
    json_text,     ///< content that is a JSON object
    called,        ///< a tool call of the function `word`, with a JSON object as arguments
    calls_typed,   ///< every call has an id and the type `function`
    calls_indexed, ///< the calls of a stream carry 0, 1, 2 …, one id each
    calls_flip,    ///< fragments of one call carry different indices
    signed_call,   ///< the first call carries a thought signature
    finish,        ///< the finish reason `word`
    done,          ///< the stream ends with `[DONE]`
    line_feeds,    ///< lines end in LF, not in CRLF
    plain_bytes,   ///< no content encoding
    role_once,     ///< `role` in the first delta alone
    role_always,   ///< `role` in every delta
    usage,         ///< token counts
    usage_beside,  ///< total = prompt + completion + reasoning
    usage_inside,  ///< total = prompt + completion
    usage_last,    ///< … ride on the chunk with the finish reason
    usage_alone,   ///< … come in a chunk without choices
    no_usage,      ///< no token counts
    thoughts,      ///< content flagged as thought
    no_thoughts,   ///< none
    reasoning,     ///< `reasoning_content`
    choices,       ///< `word` choices
    images,        ///< an image in `message.images`
    audio_image,   ///< an image in `message.audio`
};

struct expectation {
    sign what;
    std::string_view word = {};
};

/// A row. `members` are those of the request's body behind `model`, `stream` and `max_tokens`.
struct check {
    std::string_view name;
    std::string_view question;
    std::string_view section; ///< where the rule stands in the notes on the protocol
    std::string members;
    std::vector<expectation> past;    ///< empty: not asked that way
    std::vector<expectation> through; ///< likewise
    place where = place::gemini;
    bool stream = false;
    std::string_view model = {};    ///< asked for instead of the place's own
    std::string_view verb = "chat/completions";
    bool bad_token = false;         ///< past the relay with a token nobody issued
    bool named_only = false;        ///< dear or long: runs only if it is named
};

/// Google's own examples, then what is only half known, then one row or more for each repair.
std::vector<check> const& checks();

std::vector<check> example_checks();
std::vector<check> open_question_checks();
std::vector<check> repair_checks();
std::vector<check> schema_checks();

} // namespace vertex_relay::core::conformance
