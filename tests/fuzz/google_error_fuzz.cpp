// Whatever an upstream says went wrong, the client gets one JSON object with an error in it, and a
// status that means failure.

#include "core/openai/api_error.hpp"
#include "core/vertex/google_error.hpp"
#include "fuzz/fuzz.hpp"
#include "wire/storm_json.hpp"

#include <simdjson.h>

using namespace vertex_relay;
using namespace vertex_relay::tests;

namespace {

/// `{"error":{"message":"…","type":"…",…}}`, as every OpenAI client reads it.
bool is_shaped(std::string const& json) {
    simdjson::dom::parser parser;
    simdjson::dom::element document;
    std::string_view message;
    std::string_view type;
    return !parser.parse(json).get(document) && !document["error"]["message"].get(message) &&
           !document["error"]["type"].get(type) && !message.empty();
}

void check(core::failure const& what) {
    require(what.status >= 400 && what.status <= 599, "a failure dressed as success");
    require(!what.message.empty() && !what.type.empty(), "a failure without words");
    auto body = core::error_body(what);
    require(read_storm_body(body).valid, "an error that is no JSON");
    require(is_shaped(body), "an error of no shape");
    auto event = core::error_event(what);
    require(event.find('\r') == event.npos && event.find('\n') == event.size() - 2,
            "an event that ends early");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
    auto body = text_of(bytes, size);
    auto choice = take_choice(body);
    auto half = body.substr(0, body.size() / 2);
    core::target where;
    where.project = "project";
    where.location = "global";
    where.label = "google/gemini-3.5-flash";
    unsigned status = 100 + 2 * choice; // 100 to 610
    check(core::read_google_error({status, "application/json", "", body}, where));
    check(core::read_google_error({status, half, half, body}, where));
    check(core::read_stream_error(body, where));
    return 0;
}
