// A body that is valid stays valid through its repairs, nothing is changed without being named, and
// a second pass finds nothing to do; what a client may plausibly send, the simulator then accepts.

#include "core/gemini/edited_text.hpp"
#include "core/gemini/request_repair.hpp"
#include "core/openai/chat_request.hpp"
#include "fuzz/fuzz.hpp"
#include "simulator/chat_check.hpp"
#include "support/plausible_chat.hpp"

#include <optional>

using namespace vertex_relay;
using namespace vertex_relay::tests;

namespace {

/// As the relay judges a body before it repairs it.
bool is_request(std::string const& body) {
    simdjson::dom::parser parser;
    simdjson::padded_string padded(body);
    return core::read_chat_request(parser, padded).has_value();
}

/// Some repairs switched off, by the bits of `choice`.
core::repair_set some(unsigned choice) {
    auto enabled = core::repair_set::all();
    for (unsigned bit = 0; bit < core::repair_count && choice != 0; ++bit) {
        if (((choice >> (bit % 8)) & 1U) != 0 && (bit / 8 == choice % 3)) {
            enabled.remove(static_cast<core::repair>(bit));
        }
    }
    return enabled;
}

std::optional<std::string> repaired(std::string const& body, core::repair_rules const& rules) {
    core::located_json tree;
    auto root = tree.read(body);
    require(root.has_value(), "a tree of a valid body");
    auto done = core::repair_request(*root, rules);
    if (!done) {
        require(done.error().status == 400 && !done.error().param.empty(), "a reason");
        return std::nullopt;
    }
    require(core::fit(done->edits, body.size()), "edits in order, within the body");
    for (auto const& one : done->edits) {
        require(body.substr(one.offset, one.length) != one.replacement, "an edit for nothing");
    }
    require(done->edits.empty() == done->made.empty(), "an edit that is not named");
    std::string text;
    core::append_edited(text, body, done->edits);
    return text;
}

std::string refusal(std::string const& body) {
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    require(parser.parse(body).get(root) == simdjson::SUCCESS, "JSON");
    auto error = simulator::check_chat(simulator::read_chat_request(root));
    return error ? error->message : "";
}

core::repair_rules rules_of(std::string const& body) {
    bool older = body.find("gemini-2.5") != body.npos;
    bool pro = body.find("3.1-pro") != body.npos;
    return {.model = core::traits_of(older ? "google/gemini-2.5-pro"
                                     : pro ? "google/gemini-3.1-pro-preview"
                                           : "google/gemini-3.5-flash")};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
    auto body = text_of(bytes, size);
    bool plausible = !body.starts_with('{');
    auto choice = plausible ? 0U : take_choice(body);
    body = plausible ? plausible_chat(body) : body;
    if (!is_request(body)) {
        require(!plausible, "a plausible request that is none: " + body);
        return 0;
    }
    auto rules = rules_of(body);
    auto done = repaired(body, rules);
    require(done || !plausible, "a plausible request that is refused: " + body);
    if (done) {
        require(is_request(*done), "the repaired body is valid: " + body);
        auto again = repaired(*done, rules);
        require(again == done, "nothing is left to repair in " + *done + "\n" + again.value_or(""));
        auto refused = plausible ? refusal(*done) : "";
        require(refused.empty(), refused + "\n" + body + "\n" + *done);
    }
    rules.enabled = some(choice);
    auto partly = repaired(body, rules);
    require(!partly || is_request(*partly), "a body with some repairs is valid");
    rules.enabled = {};
    require(repaired(body, rules) == body, "no repair, no change");
    return 0;
}
