// Every value stands where the tree says, and is the value simdjson finds.

#include "core/gemini/located_json.hpp"
#include "unit/gemini/random_json.hpp"

#include <catch2/catch.hpp>
#include <simdjson.h>

#include <array>

using namespace vertex_relay;
using namespace vertex_relay::tests;
using core::json_kind;
using core::located_json;
using core::located_value;

namespace {

std::string minified(std::string_view text) {
    simdjson::dom::parser parser;
    simdjson::dom::element document;
    // A bare scalar ends the document, where simdjson wants a container around it.
    REQUIRE(parser.parse("[" + std::string(text) + "]").get(document) == simdjson::SUCCESS);
    return simdjson::minify(document);
}

void compare(located_value found, simdjson::dom::element known) {
    REQUIRE(minified(found.text()) == "[" + std::string(simdjson::minify(known)) + "]");
    auto children = found.children();
    auto at = children.begin();
    if (known.is_object()) {
        REQUIRE(found.is(json_kind::object));
        for (auto field : known.get_object().value_unsafe()) {
            REQUIRE((*at).key() == field.key);
            REQUIRE((*at).key_is(field.key));
            REQUIRE((*at).parent() == found);
            compare(*at++, field.value);
        }
    } else if (known.is_array()) {
        REQUIRE(found.is(json_kind::array));
        for (auto element : known.get_array().value_unsafe()) {
            REQUIRE_FALSE((*at).has_key());
            REQUIRE((*at).parent() == found);
            compare(*at++, element);
        }
    } else {
        REQUIRE(found.is(json_kind::string) == known.is_string());
        REQUIRE(found.is(json_kind::boolean) == known.is_bool());
        REQUIRE(found.is(json_kind::null) == known.is_null());
        REQUIRE(found.is(json_kind::number) == known.is_number());
    }
    REQUIRE(at == children.end());
}

void compare(located_json& tree, std::string const& text, simdjson::dom::parser& parser) {
    simdjson::dom::element document;
    REQUIRE(parser.parse(text).get(document) == simdjson::SUCCESS);
    INFO(text);
    auto root = tree.read(text);
    REQUIRE(root);
    compare(*root, document);
}

/// The document with the doomed children of every container removed, level by level.
std::string spliced(std::string_view document, std::vector<core::edit> const& edits) {
    std::string out;
    for (auto span : core::gather(document, edits)) {
        out += span;
    }
    return out;
}

} // namespace

TEST_CASE("values, keys and places of a small document", "[gemini][located]") {
    std::string text = R"( {"messages": [ {"role":"user"} ,2.5], "n\u0061me" : "a\"b", "e":{} } )";
    located_json tree;
    auto root = tree.read(text);
    REQUIRE(root);
    CHECK(root->offset() == 1);
    CHECK(root->text() == text.substr(1, text.size() - 2));
    CHECK_FALSE(root->parent());
    auto messages = root->find("messages");
    REQUIRE(messages);
    CHECK(messages->text() == R"([ {"role":"user"} ,2.5])");
    CHECK(messages->children().size() == 2);
    auto role = (*messages->children().begin()).find("role");
    REQUIRE(role);
    CHECK(role->text() == R"("user")");
    CHECK(role->string_is("user"));
    CHECK(text.substr(role->member_offset(), 6) == R"("role")");
    auto name = root->find("name");
    REQUIRE(name);
    CHECK(name->string() == "a\"b");
    CHECK(root->find("e")->children().empty());
    CHECK_FALSE(root->find("none"));
    CHECK_FALSE(name->find("none"));
    CHECK(name->children().empty());
}

TEST_CASE("a key that stands twice is found at its first place", "[gemini][located]") {
    located_json tree;
    auto root = tree.read(R"({"a":1,"a":2})");
    REQUIRE(root);
    CHECK(root->find("a")->text() == "1");
    CHECK(root->children().size() == 2);
}

TEST_CASE("escapes anywhere in keys and strings of any length", "[gemini][located]") {
    located_json tree;
    simdjson::dom::parser parser;
    for (std::size_t length = 1; length <= 40; ++length) {
        for (std::size_t at = 0; at < length; ++at) {
            for (std::string escape : {R"(\\)", R"(\")", R"(\\\")", R"(\u0041)"}) {
                auto word = std::string(length, 'k').insert(at, escape);
                auto text = "{\"" + word + "\":\"" + word + "\",\"z\" :[\"" + word + "\"] }";
                compare(tree, text, parser);
                REQUIRE(tree.read(text)->find("z"));
            }
        }
    }
}

TEST_CASE("a key is found among names, however it is written", "[gemini][located]") {
    constexpr std::array<std::string_view, 3> names{"", "model",
                                                    "a_key_longer_than_thirty_two_bytes"};
    located_json tree;
    for (std::string known : {R"("model")", R"("m\u006fdel")", R"("")",
                              R"("a_key_longer_than_thirty_two_bytes")"}) {
        auto text = "{" + known + ":1}";
        auto root = tree.read(text);
        REQUIRE(root);
        CHECK((*root->children().begin()).key_is_one_of(names));
    }
    for (std::string other : {R"("mode")", R"("models")", R"("nodel")", R"("m\u006edel")"}) {
        auto text = "{" + other + ":1}";
        auto root = tree.read(text);
        REQUIRE(root);
        CHECK_FALSE((*root->children().begin()).key_is_one_of(names));
    }
    std::string_view element = R"({"m\u006fdel":[1]})";
    auto list = *tree.read(element)->children().begin();
    CHECK_FALSE((*list.children().begin()).key_is_one_of(names));
}

TEST_CASE("random documents read as simdjson reads them", "[gemini][located]") {
    std::mt19937 random(7);
    simdjson::dom::parser parser;
    located_json tree; // used again, as the relay does
    for (int round = 0; round < 1500; ++round) {
        auto text = random_json(random, 1 + round % 60);
        compare(tree, text, parser);
    }
}

TEST_CASE("removals leave valid JSON with exactly the other children", "[gemini][located]") {
    std::mt19937 random(8);
    located_json tree;
    for (int round = 0; round < 3000; ++round) {
        auto text = random_json(random, 12);
        auto root = tree.read(text);
        REQUIRE(root);
        std::vector<core::edit> edits;
        std::string kept;
        append_removals(edits, *root, [&](located_value child) {
            bool doomed = random() % 2 == 0;
            if (!doomed) {
                auto member = text.substr(child.member_offset(),
                                          child.end_offset() - child.member_offset());
                kept += (kept.empty() ? "" : ",") + member;
            }
            return doomed;
        });
        auto brackets = root->is(json_kind::object) ? std::pair("{", "}") : std::pair("[", "]");
        INFO(text);
        REQUIRE(minified(spliced(text, edits)) ==
                minified(brackets.first + kept + brackets.second));
    }
}

TEST_CASE("text that is not JSON gives a tree within its bounds", "[gemini][located]") {
    std::mt19937 random(9);
    located_json tree;
    for (int round = 0; round < 3000; ++round) {
        auto text = random_json(random, 20);
        for (int wound = 0; wound < 3 && !text.empty(); ++wound) {
            text[random() % text.size()] = "{}[]\",:x\\"[random() % 9];
        }
        text.resize(random() % (text.size() + 1));
        auto root = tree.read(text);
        REQUIRE(root);
        REQUIRE(root->end_offset() <= text.size());
        std::vector<located_value> open{*root};
        while (!open.empty()) {
            auto value = open.back();
            open.pop_back();
            for (auto child : value.children()) {
                REQUIRE(child.offset() >= value.offset());
                REQUIRE(child.end_offset() <= value.end_offset());
                open.push_back(child);
            }
        }
    }
}

TEST_CASE("the number of values is bounded", "[gemini][located]") {
    located_json tree;
    auto array_of = [](std::size_t count) {
        std::string text = "[1";
        for (std::size_t i = 1; i < count; ++i) {
            text += ",1";
        }
        return text + "]";
    };
    auto most = array_of(located_json::nodes_max - 1);
    auto root = tree.read(most);
    REQUIRE(root);
    CHECK(root->children().size() == located_json::nodes_max - 1);
    auto refused = tree.read(array_of(located_json::nodes_max));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "too_many_values");
    CHECK(refused.error().status == 400);
}

TEST_CASE("depth costs no stack", "[gemini][located]") {
    std::string text(100'000, '[');
    text += std::string(100'000, ']');
    located_json tree;
    auto root = tree.read(text);
    REQUIRE(root);
    CHECK(root->length() == text.size());
}
