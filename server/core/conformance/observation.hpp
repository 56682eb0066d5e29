#pragma once
// An answer as it came, read as far as a judgement needs it. It trusts nothing: whatever is missing
// or of another type is simply not seen.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vertex_relay::core::conformance {

/// One answer, whole; or why there is none.
struct answer_seen {
    unsigned status = 0; ///< 0: none came
    std::vector<std::pair<std::string, std::string>> fields; ///< of its head, in order
    std::string body;    ///< without framing
    bool complete = true; ///< its framing says that this is all of it
    std::string trouble; ///< why there is no answer, or not all of it

    std::string_view field(std::string_view name) const; ///< empty if absent
};

struct call_seen {
    std::string id;
    std::string type;
    std::string name;
    std::string arguments;
    std::string signature;
    std::vector<std::int64_t> indices; ///< of each fragment; -1: none
};

struct usage_seen {
    std::int64_t prompt = 0;
    std::int64_t completion = 0;
    std::int64_t reasoning = 0;
    std::int64_t total = 0;
    bool alone = false;       ///< in a chunk without choices
    bool with_finish = false; ///< in the chunk with a finish reason
};

enum class error_shape : std::uint8_t { none, object, array };

struct observation {
    error_shape shape = error_shape::none;
    bool openai_shaped = false; ///< message, type, param and code stand in the object
    std::string error_message;
    std::string error_status; ///< Google's word
    std::string error_code;   ///< if it is text
    bool is_json = false;     ///< the body, or the data of every event
    bool event_stream = false;
    bool done = false;
    bool stray = false; ///< a stream holds lines that are no events
    bool carriage_returns = false;
    std::size_t deltas = 0;
    std::size_t roles = 0; ///< deltas with a role
    bool first_has_role = false;
    std::size_t choices = 0;
    std::string text;     ///< of the first choice, thoughts left out
    std::string thoughts; ///< flagged as such
    std::string reasoning;
    std::string finish; ///< of the first choice
    std::string model;
    std::vector<call_seen> calls; ///< of the first choice
    std::optional<usage_seen> usage;
    bool image_in_audio = false;
    bool image_in_images = false;
};

observation observe(answer_seen const& answer);

} // namespace vertex_relay::core::conformance
