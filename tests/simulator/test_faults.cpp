#include "client.hpp"
#include "simulator/fault_catalogue.hpp"
#include "simulator/fault_script.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace vertex_relay::simulator;
using namespace vertex_relay::simulator::testing;

namespace {

response provoke(instance const& server, std::string_view fault, bool stream = true) {
    return ask(server, hello(fmt::format("google/sim-{}", fault),
                             stream ? R"("stream":true,)" : ""));
}

} // namespace

TEST_CASE("fault names are read with their numbers") {
    CHECK(find_fault("html-502")->kind == fault_kind::html_502);
    CHECK(find_fault("events")->n == 1000);
    CHECK(find_fault("events-12")->n == 12);
    CHECK(find_fault("paced-5-7")->m == 7);
    CHECK(find_fault("429-retry-after-9")->n == 9);
    CHECK_FALSE(find_fault("429-9"));
    CHECK_FALSE(find_fault("nonsense"));
    CHECK_FALSE(find_fault(""));
    CHECK(fault_of_model("google/sim-stall")->kind == fault_kind::stall);
    CHECK_FALSE(fault_of_model("google/gemini-3.5-flash"));
}

TEST_CASE("the list names every fault once, with a sentence") {
    auto text = list_faults();
    for (auto const* name : {"429-pt", "rst-at-once", "paced[-100]", "early-400", "devapi"}) {
        INFO(name);
        auto at = text.find(fmt::format("\n  {} ", name));
        REQUIRE(at != std::string::npos);
        CHECK(text.find('.', at) < text.find('\n', at + 1));
    }
}

TEST_CASE("script rules are used up in order") {
    fault_script script;
    REQUIRE(script.add(R"({"model":"m","fault":"503","times":2})"));
    REQUIRE(script.add(R"({"path":"/token","fault":"slow-5"})"));
    REQUIRE(script.add("# a comment"));
    CHECK(script.add(R"({"model":"m","fault":"none-such"})").error() ==
          "unknown fault 'none-such'");
    CHECK(script.add(R"({"fault":"503"})").error() == "neither 'model' nor 'path'");
    CHECK(script.add("{").error() == "not a JSON object");
    CHECK(script.take("m", "/x")->kind == fault_kind::unavailable);
    CHECK(script.take("m", "/x")->kind == fault_kind::unavailable);
    CHECK_FALSE(script.take("m", "/x"));
    CHECK(script.take("", "/token")->n == 5);
}

TEST_CASE("error faults keep Google's envelope") {
    auto server = start();
    struct expected {
        std::string_view name;
        int status;
        std::string_view text;
    };
    for (auto const& one :
         {expected{"429", 429, "Resource exhausted. Please try again later."},
          expected{"429-pt", 429, "Exceeded the Provisioned Throughput."},
          expected{"429-queue", 429, "The request queue is full"},
          expected{"429-retryinfo-7", 429, R"("retryDelay": "7s")"},
          expected{"403-iam", 403, "IAM_PERMISSION_DENIED"},
          expected{"403-api-disabled", 403, "SERVICE_DISABLED"},
          expected{"401", 401, "ACCESS_TOKEN_TYPE_UNSUPPORTED"}, expected{"499", 499, "CANCELLED"},
          expected{"500", 500, "INTERNAL"}, expected{"503", 503, "UNAVAILABLE"},
          expected{"504", 504, "DEADLINE_EXCEEDED"}, expected{"404", 404, "Publisher Model `"},
          expected{"400-context", 400, "exceeds the maximum number of tokens"}}) {
        auto reply = provoke(*server, one.name);
        INFO(one.name);
        CHECK(reply.status == one.status);
        CHECK(reply.body.starts_with("[{\n  \"error\": {\n    \"code\": "));
        CHECK(reply.body.find(one.text) != std::string::npos);
        CHECK(reply.head.find("application/json; charset=UTF-8") != std::string::npos);
    }
    CHECK(provoke(*server, "429-retry-after-3").head.find("Retry-After: 3\r\n") !=
          std::string::npos);
    CHECK(provoke(*server, "html-502").body.starts_with("<!DOCTYPE html>"));
    CHECK(provoke(*server, "unheard-of").status == 404);
}

TEST_CASE("streams that end early end as asked") {
    auto server = start();
    auto cut = provoke(*server, "cut-3");
    CHECK(events_of(cut.body).size() == 3);
    CHECK(cut.end == ending::truncated);
    CHECK(provoke(*server, "rst").end == ending::truncated);
    CHECK(provoke(*server, "rst-at-once").head.empty());
    auto inside = provoke(*server, "cut-inside-1");
    CHECK_FALSE(inside.complete);
    CHECK_FALSE(inside.raw.ends_with("\n\n\r\n"));
    auto no_done = provoke(*server, "no-done");
    CHECK(no_done.complete);
    CHECK(no_done.body.find("[DONE]") == std::string::npos);
    CHECK(no_done.body.find("finish_reason") != std::string::npos);
    auto clean = provoke(*server, "clean-end-1");
    CHECK(clean.complete);
    CHECK(events_of(clean.body).size() == 1);
    auto error = provoke(*server, "midstream-error-1");
    CHECK(error.body.find("\n\n{\n  \"error\": {\n    \"code\": 499,") != std::string::npos);
    CHECK(provoke(*server, "midstream-error-array").body.find("\n\n[{\n") != std::string::npos);
    auto half = provoke(*server, "cut", false);
    CHECK(half.status == 200);
    CHECK_FALSE(half.complete);
}

TEST_CASE("the same events in odd clothes") {
    auto server = start();
    auto ordinary = events_of(provoke(*server, "pass").body);
    for (auto const* name : {"tiny-1", "tiny-chunks-1", "ping", "close", "slow-1"}) {
        INFO(name);
        auto reply = provoke(*server, name);
        CHECK(reply.complete);
        CHECK(events_of(reply.body).size() == ordinary.size());
    }
    CHECK(provoke(*server, "ping").body.starts_with(": ping\n\n"));
    CHECK(provoke(*server, "crlf").body.ends_with("data: [DONE]\r\n\r\n"));
    auto packed = provoke(*server, "gzip");
    CHECK(packed.head.find("Content-Encoding: gzip") != std::string::npos);
    CHECK(packed.body.starts_with("\x1f\x8b"));
}

TEST_CASE("many events, paced events and huge ones are counted right") {
    auto server = start();
    CHECK(events_of(provoke(*server, "events-5000").body).size() == 5002);
    CHECK(events_of(provoke(*server, "paced-1000-20").body).size() == 22);
    auto huge = provoke(*server, "huge-300000");
    CHECK(events_of(huge.body).front().size() > 300'000);
    auto document = provoke(*server, "huge-300000", false);
    CHECK(document.complete);
    CHECK(document.body.size() > 300'000);
}

TEST_CASE("heads that are wrong") {
    auto server = start();
    CHECK(provoke(*server, "redirect").head.find("Location: https://example.com/") !=
          std::string::npos);
    auto twice = provoke(*server, "dup-length", false).head;
    CHECK(twice.find("Content-Length") != twice.rfind("Content-Length"));
    auto brief = provoke(*server, "short-length", false);
    CHECK(brief.end == ending::clean);
    CHECK_FALSE(brief.complete);
    CHECK(provoke(*server, "http10").head.starts_with("HTTP/1.0 200"));
    CHECK(provoke(*server, "big-head-50").head.size() > 50 * 1024);
    client one(*server);
    one.send(http({}, hello("google/sim-garbage")));
    CHECK(one.read_until([](auto seen) { return seen.find("not HTTP at all") != seen.npos; }));
}

TEST_CASE("early hints come before the answer") {
    auto server = start();
    client one(*server);
    one.send(http({}, hello("google/sim-early-hints")));
    CHECK(one.read_until([](auto seen) {
        return seen.starts_with("HTTP/1.1 103 ") && seen.find("\r\n\r\nHTTP/1.1 200 ") != seen.npos;
    }));
}

TEST_CASE("early-400 answers before the body has arrived") {
    auto server = start();
    client one(*server);
    auto whole = http({}, hello("google/sim-early-400", R"("stream":true,)") +
                              std::string(100'000, ' '));
    one.send(std::string_view(whole).substr(0, 600));
    auto reply = one.read();
    CHECK(reply.status == 400);
    CHECK(reply.head.find("Connection: close") != std::string::npos);
}

TEST_CASE("401-once refuses the first token and no other") {
    auto server = start();
    CHECK(provoke(*server, "401-once").status == 401);
    CHECK(provoke(*server, "401-once").status == 401);
    CHECK(server->seen().unauthenticated == 2);
}

TEST_CASE("echo tells what was received") {
    auto server = start();
    auto body = hello("google/sim-echo");
    auto reply = ask(*server, body);
    CHECK(reply.body.find(fmt::format(R"(\"length\":{})", body.size())) != std::string::npos);
    CHECK(reply.body.find(R"(\"authorization\")") != std::string::npos);
}

TEST_CASE("a script line bends any model, as often as it says") {
    auto server = start();
    REQUIRE(server->add_rule(R"({"model":"google/gemini-3.5-flash","fault":"503","times":1})"));
    CHECK(ask(*server, hello("google/gemini-3.5-flash")).status == 503);
    CHECK(ask(*server, hello("google/gemini-3.5-flash")).status == 200);
    CHECK_FALSE(server->add_rule("nonsense"));
    CHECK(ask(*server, hello("google/of-our-own")).status == 404);
    REQUIRE(server->add_rule(R"({"model":"google/of-our-own","fault":"pass"})"));
    CHECK(ask(*server, hello("google/of-our-own")).status == 200);
}
