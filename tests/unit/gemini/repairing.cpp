#include "repairing.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <simdjson.h>

namespace vertex_relay::tests {

namespace {

constexpr std::string_view default_model = "google/gemini-3.5-flash";

std::string edited(std::string_view body, std::vector<core::edit> const& edits) {
    std::size_t at = 0;
    for (auto const& one : edits) { // what `gather` relies on
        REQUIRE(one.offset >= at);
        at = one.offset + one.length;
        REQUIRE(at <= body.size());
    }
    std::string text;
    for (auto span : core::gather(body, edits)) {
        text += span;
    }
    return text;
}

bool is_json(std::string const& text) {
    simdjson::dom::parser parser;
    simdjson::dom::element parsed;
    return parser.parse(text).get(parsed) == simdjson::SUCCESS;
}

} // namespace

core::repair_rules rules_for(std::string_view model) {
    return {.model = core::traits_of(model)};
}

repaired_text repaired(std::string_view body, core::repair_rules const& rules) {
    INFO(body);
    REQUIRE(is_json(std::string(body)));
    core::located_json tree;
    auto root = tree.read(body);
    REQUIRE(root);
    auto outcome = core::repair_request(*root, rules);
    REQUIRE(outcome);
    auto text = edited(body, outcome->edits);
    INFO(text);
    REQUIRE(is_json(text));
    CHECK(outcome->made.empty() == (text == body));

    core::located_json again;
    auto settled = core::repair_request(*again.read(text), rules);
    REQUIRE(settled);
    INFO(settled->made.names());
    CHECK(settled->edits.empty());
    return {std::move(text), outcome->made.names(), outcome->note, outcome->wishes};
}

repaired_text repaired(std::string_view body) { return repaired(body, rules_for(default_model)); }

std::string conversation(std::string_view messages) {
    return fmt::format(R"({{"model":"{}","messages":[{}]}})", default_model, messages);
}

std::string repaired_messages(std::string_view messages) {
    auto body = repaired(conversation(messages)).body;
    auto frame = conversation("");
    return body.substr(frame.size() - 2, body.size() - frame.size());
}

} // namespace vertex_relay::tests
