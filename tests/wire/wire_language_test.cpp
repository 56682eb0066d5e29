// The language of the cases itself: an instrument that cannot see a fault proves nothing.

#include "wire/wire_render.hpp"
#include "wire/wire_stage.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::tests;

namespace {

constexpr std::string_view ask_alive = "== t\n> GET /livez HTTP/1.1\n> Host: localhost\n>\n";
constexpr std::string_view ask_google = "== t\n"
                                        "> POST /v1/chat/completions HTTP/1.1\n"
                                        "> Host: localhost\n"
                                        "> Content-Type: application/json\n"
                                        "> Content-Length: 22\n"
                                        ">\n"
                                        "> {\"model\":\"google/x-1\"}\\\n";

std::string outcome_of(wire_stage& stage, std::string const& text) {
    auto script = parse_wire(text);
    REQUIRE(script);
    REQUIRE(script->cases.size() == 1);
    auto problem = stage.play(script->cases[0], pace::whole);
    return problem ? problem->what : "as written";
}

} // namespace

TEST_CASE("lines of a case become steps", "[wire]") {
    auto script = parse_wire("# a\n% x = 1\n% y = 2\n\n== one\n> a\n> b\\\n# c\n> c\n>> d\n! e f\n"
                             "== two\n<< g\n<\n");
    REQUIRE(script);
    CHECK(script->settings == "x = 1\ny = 2\n");
    REQUIRE(script->cases.size() == 2);
    auto const& steps = script->cases[0].steps;
    REQUIRE(steps.size() == 4);
    CHECK(steps[0].text == "a\r\nb");
    CHECK(steps[0].line == 6);
    CHECK(steps[0].lines == 2);
    CHECK(steps[1].text == "c\r\n");
    CHECK(steps[2].what == wire_step::kind::origin_gets);
    CHECK(steps[3].text == "e f");
    CHECK(script->cases[1].steps[1].text == "\r\n");
    CHECK(parse_wire("> a\n").error() == "line 1: no meaning here: > a");
    CHECK_FALSE(parse_wire("== a\n% x = 1\n"));
    CHECK_FALSE(parse_wire("== a\n>x\n"));
    CHECK_FALSE(parse_wire("== a\nx\n"));
}

TEST_CASE("markup stands for what a line cannot show", "[wire]") {
    wire_variables variables{{"origin", "127.0.0.1:9"}};
    CHECK(expand("{{00}}{{ff}}|{{ab*3}}|{{origin}}|{\"a\":{}}", variables)->text ==
          std::string("\0\xff|ababab|127.0.0.1:9|{\"a\":{}}", 30));
    CHECK(expand("{{what}}", variables).error() == "{{what}} means nothing");
    CHECK_FALSE(expand("{{00", variables));
    CHECK_FALSE(expand("{{a*0}}", variables));
    auto with_id = expand("a: {{id}};", variables);
    CHECK(with_id->matches("a: req-0123456789abcdef;"));
    CHECK_FALSE(with_id->matches("a: req-0123456789abcdeg;"));
    CHECK_FALSE(with_id->matches("b: req-0123456789abcdef;"));
    CHECK_FALSE(with_id->matches("a: req-0123456789abcdef"));
    auto with_times = expand("a;dur={{ms}}, b;dur={{ms}};", variables);
    CHECK(with_times->matches("a;dur=0.0, b;dur=1234.5;"));
    CHECK(with_times->match("a;dur=10.0, b;dur=0.5;more") == 22U);
    CHECK_FALSE(with_times->match("a;dur=0.0, b;dur=12"));
    CHECK_FALSE(with_times->match("a;dur=.0, b;dur=1.2;"));
    CHECK_FALSE(with_times->match("a;dur=0.0, c;dur=1.2;"));
}

TEST_CASE("what came is shown so that it can be copied", "[wire]") {
    wire_variables variables{{"origin", "127.0.0.1:9"}};
    std::string bytes = "Host: 127.0.0.1:9\r\nx: req-0123456789abcdef\r\n"
                        "t: a;dur=12.3\r\n\r\ndata: a\n\ndata: b\n\n"
                        "HTTP/1.1 200 OK\r\n\x01";
    auto lines = render(bytes, "<", variables);
    CHECK(lines == "< Host: {{origin}}\n< x: {{id}}\n< t: a;dur={{ms}}\n<\n"
                   "< data: a{{0a}}{{0a}}\\\n"
                   "< data: b{{0a}}{{0a}}\\\n< HTTP/1.1 200 OK\n< {{01}}\\\n");
    auto again = parse_wire("== t\n" + lines);
    REQUIRE(again);
    CHECK(expand(again->cases[0].steps[0].text, variables)->matches(bytes));
}

TEST_CASE("a conversation that goes otherwise is found", "[wire]") {
    wire_stage stage("");
    std::string alive(ask_alive);
    std::string google(ask_google);
    std::string answer = "< HTTP/1.1 200 OK\n< content-type: application/json\n"
                         "< cache-control: no-store\n< content-length: 15\n"
                         "< x-request-id: {{id}}\n<\n< {\"status\":\"ok\"}\\\n";
    CHECK(outcome_of(stage, alive + answer) == "as written");
    CHECK(outcome_of(stage, alive + "< HTTP/1.1 201 OK\n") == "instead came");
    CHECK(outcome_of(stage, alive + "< {{what}}\n") == "{{what}} means nothing");
    CHECK(outcome_of(stage, alive) == "client a also got");
    CHECK(outcome_of(stage, alive + "! relay sings\n") == "no such event: relay sings");
    CHECK(outcome_of(stage, google + "! relay looks\n") == "the relay connected to the origin once "
                                                           "more");
    CHECK(outcome_of(stage, google + ">> POST / HTTP/1.1\n") == "instead came");
    CHECK(outcome_of(stage, google + "! origin accepts\n! relay looks\n") == "the origin also got");
    CHECK(outcome_of(stage, alive + answer) == "as written");
}
