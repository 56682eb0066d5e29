// Edits of `model`: parsed again, the document is the same but for the model, and every other byte
// is where it was.

#include "core/openai/chat_request.hpp"
#include "unit/openai/documents.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using namespace vertex_relay::tests;

namespace {

using members = std::vector<std::pair<std::string, std::string>>;

/// Keys and values in order, as the parser reads them.
members parsed(std::string const& text) {
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    REQUIRE(parser.parse(text).get(object) == simdjson::SUCCESS);
    members out;
    for (auto [key, value] : object) {
        out.emplace_back(key, simdjson::to_string(value));
    }
    return out;
}

members without_model(members all) {
    std::erase_if(all, [](auto const& member) { return member.first == "model"; });
    return all;
}

std::string applied(std::string_view body, edit const& change) {
    std::string out;
    for (auto span : gather(body, {change})) {
        out += span;
    }
    return out;
}

chat_request read(std::string_view body) {
    simdjson::dom::parser parser;
    auto request = read_chat_request(parser, body);
    REQUIRE(request);
    return std::move(*request);
}

std::string set(std::string_view text, std::string_view value) {
    padded_body body(text);
    return applied(text, set_model(read(body.view()), body.view(), value));
}

std::string dropped(std::string_view text) {
    padded_body body(text);
    auto change = drop_model(read(body.view()), body.view());
    return change ? applied(text, *change) : std::string(text);
}

} // namespace

TEST_CASE("the value of model is replaced where it stands", "[openai][edit]") {
    CHECK(set(R"({"model":"gpt-4o","n":1})", "google/g") == R"({"model":"google/g","n":1})");
    CHECK(set("{ \"model\" :\t\"x\" , \"n\": 1 }", "y") == "{ \"model\" :\t\"y\" , \"n\": 1 }");
    CHECK(set(R"({"\u006dodel":""})", "y") == R"({"\u006dodel":"y"})");
    CHECK(set(R"({"a":{"model":"b"},"model":"c"})", "d") == R"({"a":{"model":"b"},"model":"d"})");
    CHECK(set(R"({"model":"a"})", "q\"\\\n\xff") == "{\"model\":\"q\\\"\\\\\\n\xef\xbf\xbd\"}");
}

TEST_CASE("a missing model becomes the first member", "[openai][edit]") {
    CHECK(set("{}", "m") == R"({"model":"m"})");
    CHECK(set(" {\n} ", "m") == " {\"model\":\"m\"\n} ");
    CHECK(set(R"({"n":1})", "m") == R"({"model":"m","n":1})");
    CHECK(set(" { \"s\":\"{\"}", "m") == " {\"model\":\"m\", \"s\":\"{\"}");
}

TEST_CASE("a dropped model takes one comma along", "[openai][edit]") {
    CHECK(dropped(R"({"model":"m"})") == "{}");
    CHECK(dropped(" { \"model\" : \"m\" } ") == " {  } ");
    CHECK(dropped(R"({"model":"m","n":1})") == R"({"n":1})");
    CHECK(dropped(R"({"n":1,"model":"m"})") == R"({"n":1})");
    CHECK(dropped(R"({"a":1 , "model":"m" , "n":1})") == R"({"a":1 ,  "n":1})");
    CHECK(dropped("{\"a\":1 ,\n \"model\":\"m\"\n}") == "{\"a\":1 \n}");
    CHECK(dropped(R"({"a":{"model":"m"}})") == R"({"a":{"model":"m"}})");
    padded_body body("{}");
    CHECK_FALSE(drop_model(read(body.view()), body.view()));
}

TEST_CASE("only the model differs in random documents", "[openai][edit]") {
    document_maker make(2024);
    std::size_t replaced = 0;
    for (int round = 0; round < 10'000; ++round) {
        auto text = make.object();
        CAPTURE(round, text);
        auto before = parsed(text);
        auto after = parsed(set(text, "google/gemini-\"3\""));
        bool had_model = without_model(before).size() < before.size();
        replaced += had_model ? 1 : 0;
        auto expected = before;
        if (had_model) {
            for (auto& [key, value] : expected) {
                value = key == "model" ? R"("google/gemini-\"3\"")" : value;
            }
        } else {
            expected.insert(expected.begin(), {"model", R"("google/gemini-\"3\"")"});
        }
        REQUIRE(after == expected);
        REQUIRE(parsed(dropped(text)) == without_model(before));
    }
    CHECK(replaced > 5000);
    CHECK(replaced < 8000);
}

TEST_CASE("all bytes outside the edit pass unchanged, by address", "[openai][edit]") {
    document_maker make(99);
    for (int round = 0; round < 2'000; ++round) {
        auto text = make.object();
        CAPTURE(round, text);
        padded_body body(text);
        auto request = read(body.view());
        auto change = make.below(2) == 0
                          ? set_model(request, body.view(), "m")
                          : drop_model(request, body.view()).value_or(edit{0, 0, {}});
        std::size_t copied = 0;
        for (auto span : gather(body.view(), {change})) {
            bool inside = span.data() >= body.view().data() &&
                          span.data() + span.size() <= body.view().data() + body.view().size();
            copied += inside ? 0 : span.size();
        }
        REQUIRE(copied == change.replacement.size());
        REQUIRE(change.offset + change.length <= text.size());
        REQUIRE((change.length == 0 || request.model_member));
    }
}
