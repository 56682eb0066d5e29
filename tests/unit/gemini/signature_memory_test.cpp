#include "core/gemini/signature_memory.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <random>

using namespace vertex_relay::core;
using seconds = std::chrono::seconds;

namespace {

constexpr seconds now{1'795'000'000};

signed_call weather(std::string_view id, std::string_view arguments = R"({"city":"Rome"})") {
    return {id, "get_weather", arguments};
}

} // namespace

TEST_CASE("a signature is found by the id of its call", "[gemini][signatures]") {
    signature_memory memory;
    memory.remember(weather("function-call-1"), "c2ln", now);
    CHECK(memory.find(weather("function-call-1"), now) == "c2ln");
    CHECK(memory.find({"function-call-1", "renamed", "{}"}, now) == "c2ln");
    CHECK_FALSE(memory.find({"function-call-2", "get_weather", R"({"city":"Paris"})"}, now));
}

TEST_CASE("a client that makes ids of its own is found by name and arguments",
          "[gemini][signatures]") {
    signature_memory memory;
    memory.remember(weather("function-call-1", R"({"city":"New York","n":"a\" b"})"), "c2ln", now);
    CHECK(memory.find(weather("call_abc", "{ \"city\" : \"New York\",\n\"n\":\"a\\\" b\" }"),
                      now) == "c2ln");
    CHECK_FALSE(memory.find(weather("call_abc", R"({"city":"NewYork","n":"a\" b"})"), now));
    CHECK_FALSE(memory.find(weather("call_abc", R"({"city":"New York","n":"a\"b"})"), now));
    CHECK_FALSE(memory.find({"call_abc", "get_time", R"({"city":"New York","n":"a\" b"})"}, now));
}

TEST_CASE("arguments count as the values they are", "[gemini][signatures]") {
    signature_memory memory;
    memory.remember(weather("1", R"({"a":"é\n","b":[1,2.50,true,null],"c":{}})"), "c2ln", now);
    memory.remember({"2", "ping", "{}"}, "cGlu", now);
    for (auto const* same : {R"({"c":{},"b":[1.0,2.5,true,null],"a":"\u00e9\u000a"})",
                             R"( { "b" : [ 1 , 25e-1 , true , null ] , "a" : "é\n" , "c" : { } } )"}) {
        CHECK(memory.find(weather("", same), now) == "c2ln");
    }
    for (auto const* other : {R"({"a":"é\n","b":[2.5,1,true,null],"c":{}})",
                              R"({"a":"é\n","b":[1,2.5,true,null],"c":[]})",
                              R"({"a":"é\n","b":[1,2.5,"true",null],"c":{}})",
                              R"({"a":"é\n","b":[1,2.5,true,null]})", R"({"a":"é\n)"}) {
        CHECK_FALSE(memory.find(weather("", other), now));
    }
    memory.remember({"4", "row", R"({"id":9007199254740992})"}, "cm93", now);
    CHECK(memory.find({"", "row", R"({"id":9007199254740992})"}, now) == "cm93");
    CHECK_FALSE(memory.find({"", "row", R"({"id":9007199254740993})"}, now));
    CHECK(memory.find({"", "ping", ""}, now) == "cGlu");
    CHECK(memory.find({"2", "", ""}, now) == "cGlu");
    CHECK_FALSE(memory.find({"3", "", "{}"}, now)); // no name: only the id would tell
}

TEST_CASE("of equal calls without a known id the newest counts", "[gemini][signatures]") {
    signature_memory memory;
    memory.remember(weather("1"), "older", now);
    memory.remember(weather("2"), "newer", now);
    CHECK(memory.find(weather("1"), now) == "older");
    CHECK(memory.find(weather(""), now) == "newer");
    memory.remember(weather("1"), "replaced", now);
    CHECK(memory.find(weather("1"), now) == "replaced");
    CHECK(memory.size() == 2);
}

TEST_CASE("signatures end with their time", "[gemini][signatures]") {
    signature_memory memory({.lifetime = seconds(60)});
    memory.remember(weather("1"), "c2ln", now);
    CHECK(memory.find(weather("1"), now + seconds(60)));
    CHECK_FALSE(memory.find(weather("1"), now + seconds(61)));
    CHECK(memory.size() == 0);
    CHECK(memory.bytes() == 0);
}

TEST_CASE("the memory stays within its bound, the oldest go first", "[gemini][signatures]") {
    signature_memory memory({.bytes_max = 100'000});
    for (int i = 0; i < 2000; ++i) {
        memory.remember(weather(fmt::format("id-{}", i), fmt::format("{{\"n\":{}}}", i)),
                        std::string(1000, 's'), now);
        CHECK(memory.bytes() <= 100'000);
    }
    CHECK_FALSE(memory.find(weather("id-0", R"({"n":0})"), now));
    CHECK(memory.find(weather("id-1999", "{}"), now));
    CHECK(memory.size() > 50);
    memory.remember(weather("large"), std::string(300 * 1024, 's'), now);
    CHECK_FALSE(memory.find({"large", "", ""}, now));
}

TEST_CASE("what is saved is restored, and nothing of a call stands in it", "[gemini][signatures]") {
    signature_memory memory;
    memory.remember(weather("1", R"({"city":"Secretville"})"), "c2ln/+=", now);
    memory.remember(weather("2"), "bmV3", now + seconds(5));
    auto text = memory.save();
    CHECK(text.find("Secretville") == text.npos);
    CHECK(text.find("get_weather") == text.npos);

    signature_memory later;
    later.restore(text, now + seconds(10));
    CHECK(later.find(weather("1"), now + seconds(10)) == "c2ln/+=");
    CHECK(later.find(weather("other"), now + seconds(10)) == "bmV3");
    CHECK(later.save() == text);
}

TEST_CASE("a damaged file costs only its damaged lines", "[gemini][signatures]") {
    signature_memory memory;
    memory.remember(weather("1"), "c2ln", now);
    auto line = memory.save();
    signature_memory later;
    later.restore("garbage\n" + line + "1 2\n99999999999999999999 1 1 x\n" + line.substr(0, 9),
                  now);
    CHECK(later.size() == 1);
    later.restore("1 1 1 a\"b\n1795000000 1 0 abc\n2795000000 1 1 fromthefuture\n", now);
    CHECK(later.size() == 1);

    std::minstd_rand random(7); // NOLINT: the same bytes each time
    for (int round = 0; round < 2000; ++round) {
        auto bent = line;
        bent[random() % bent.size()] = static_cast<char>(random() % 256);
        signature_memory other;
        other.restore(bent, now);
        CHECK(other.size() <= 2);
    }
}
