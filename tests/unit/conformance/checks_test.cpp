#include "core/conformance/plan.hpp"
#include "core/conformance/report.hpp"

#include <catch2/catch.hpp>
#include <simdjson.h>

#include <set>

using namespace vertex_relay::core::conformance;

TEST_CASE("every check has a name of its own, an expectation and a body that is JSON") {
    std::set<std::string> names;
    std::set<std::string> bodies;
    simdjson::dom::parser parser;
    for (auto const& what : checks()) {
        INFO(what.name);
        CHECK(names.insert(std::string(what.name)).second);
        CHECK_FALSE((what.past.empty() && what.through.empty()));
        auto body = request_body(what, "google/gemini-3.5-flash", 256);
        simdjson::dom::element value;
        CHECK(parser.parse(body).get(value) == simdjson::SUCCESS);
        CHECK(bodies.insert(body).second); // a capture is found again by it
        CHECK(value["max_tokens"].error() == simdjson::SUCCESS);
    }
}

TEST_CASE("what is dear runs only if it is named") {
    auto all = make_plan({}, true);
    REQUIRE(all);
    for (auto const& call : all->calls) {
        CHECK_FALSE(call.what->named_only);
    }
    auto one = make_plan({.only = {"image-output"}}, true);
    REQUIRE(one);
    CHECK(one->calls.size() == 2);
    CHECK(one->output_tokens_max == 2 * 65'536);
}

TEST_CASE("without an endpoint its checks are skipped, not forgotten") {
    auto made = make_plan({}, false);
    REQUIRE(made);
    CHECK(made->skipped.size() == 4);
    for (auto const& call : made->calls) {
        CHECK(call.what->where != place::endpoint);
    }
}

TEST_CASE("a name that is no check, and a model that is none, are refused") {
    auto wrong = make_plan({.only = {"gemini-txt"}}, true);
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().find("did you mean gemini-text?") != std::string::npos);
    CHECK_FALSE(make_plan({.gemini = "../x"}, true));
}

TEST_CASE("the exit code is 0 only if something held and nothing else came") {
    auto row = [](outcome what) {
        return result_row{.call = {&checks().front(), way::past}, .said = {what, ""}};
    };
    CHECK(exit_code_of({row(outcome::held), row(outcome::skipped)}) == 0);
    CHECK(exit_code_of({row(outcome::held), row(outcome::differs)}) == 1);
    CHECK(exit_code_of({row(outcome::held), row(outcome::refused)}) == 1);
    CHECK(exit_code_of({row(outcome::skipped)}) == 1);
    CHECK(exit_code_of({}) == 1);
}
