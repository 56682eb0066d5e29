// A whole answer stays valid JSON through its repairs, keeps its bytes when none is named, and ends
// each choice in OpenAI's words; one that is no JSON at all is left within its bounds.

#include "core/gemini/answer_repair.hpp"
#include "fuzz/fuzz.hpp"

#include <simdjson.h>

#include <set>

using namespace vertex_relay;
using namespace vertex_relay::tests;

namespace {

bool is_json(std::string const& text) {
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    return parser.parse(text).get(root) == simdjson::SUCCESS;
}

bool is_known(std::string const& reason) {
    static std::set<std::string> const known{"stop", "length", "tool_calls", "content_filter",
                                             "function_call"};
    return known.contains(reason);
}

void check_calls(core::located_value message) {
    std::set<std::string> ids;
    auto calls = message.find("tool_calls");
    if (!calls || !calls->is(core::json_kind::array)) {
        return;
    }
    for (auto call : calls->children()) {
        if (call.is(core::json_kind::object)) {
            auto id = call.find("id");
            require(id && call.find("type"), "a call with id and type");
            require(ids.insert(id->string()).second, "an id that no other call has");
        }
    }
}

void check_choices(std::string const& answer) {
    core::located_json tree;
    auto root = tree.read(answer);
    auto choices = root ? root->find("choices") : std::nullopt;
    if (!choices || !choices->is(core::json_kind::array)) {
        return;
    }
    for (auto choice : choices->children()) {
        if (!choice.is(core::json_kind::object)) {
            continue;
        }
        auto message = choice.find("message");
        require(message.has_value(), "a message");
        if (message->is(core::json_kind::object)) {
            require(message->find("content").has_value(), "a content");
            check_calls(*message);
        }
        auto reason = choice.find("finish_reason");
        require(!reason || !reason->is(core::json_kind::string) || is_known(reason->string()),
                "a finish reason of OpenAI's");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
    auto answer = text_of(bytes, size);
    auto choice = take_choice(answer);
    core::located_json tree;
    core::answer_repair repair({.thought_tag = (choice & 1U) != 0 ? "thought" : ""}, tree, {});
    std::string scratch;
    auto out = std::string(repair.answer(answer, scratch));
    if (!is_json(answer)) {
        return 0;
    }
    require(is_json(out), "the repaired answer is JSON: " + out);
    require(repair.made().empty() == (out == answer), "a change that is not named: " + out);
    check_choices(out);
    return 0;
}
