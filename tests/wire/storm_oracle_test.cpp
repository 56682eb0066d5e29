// The second opinion has to be right where the relay might be wrong.

#include "wire/storm_input.hpp"
#include "wire/storm_oracle.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::tests;

TEST_CASE("the second opinion tells good from bad", "[storm]") {
    using enum storm_verdict::ending;
    auto good = storm_post(storm_chat("a"));
    auto verdict = judge(good);
    REQUIRE(verdict.messages.size() == 1);
    CHECK(verdict.end == in_step);
    CHECK(verdict.all_good());
    CHECK(verdict.messages[0].upstream == R"({"model":"meta/storm","user":"a"})");
    CHECK(judge("\r\n" + good + good).messages.size() == 2);
    CHECK(judge(good.substr(0, good.size() - 1)).end == cut);
    CHECK(judge(good.substr(0, 20)).end == cut);
    CHECK(judge("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n").messages.at(0).local);
    for (auto const* fields :
         {"a : b\r\n", " a: b\r\n", "a: b\n", "Host: localhost\r\n", "a: \x01\r\n",
          "Content-Length: 31\r\n", "Transfer-Encoding: chunked\r\n", "Expect: x\r\n",
          "Origin: null\r\n", "Content-Type: a/b\r\n"}) {
        CAPTURE(fields);
        auto bad = judge(storm_post(storm_chat("a"), fields));
        CHECK(bad.end == over);
        REQUIRE(bad.messages.size() == 1);
        CHECK_FALSE(bad.messages[0].upstream);
    }
    for (auto const* body : {"", "{}", "[]", R"({"model":"storm",})", R"({"model":"x"})",
                             R"({"model":"storm","model":"storm"})", "{\"model\":\"storm\xff\"}"}) {
        CAPTURE(body);
        auto bad = judge(storm_post(body));
        CHECK(bad.end == in_step);
        CHECK_FALSE(bad.messages.at(0).upstream);
    }
}
