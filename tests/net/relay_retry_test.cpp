// 429 and 503 before the first byte: tried again, then elsewhere, and told to the client.

#include "net/relay_rig.hpp"
#include "net/relay_shape.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;
using core::milliseconds;

constexpr auto model = "google/gemini-3.5-flash";
constexpr auto fallback_model = "google/gemini-3.8-flash";

/// Two retries without a wait worth the name; `steady` falls back to a location, then to a model.
void quick(core::config& settings, simulator::instance const&) {
    settings.retry = {.max = 2, .min_delay_ms = milliseconds(1), .budget_ms = milliseconds(10'000)};
    settings.models.push_back(
        {.name = "steady", .model = model, .fallbacks = {"us-central1", fallback_model}});
}

/// A first wait that no test sits out.
void patient(core::config& settings, simulator::instance const& vertex) {
    quick(settings, vertex);
    settings.retry.min_delay_ms = milliseconds(3'000'000);
    settings.retry.budget_ms = milliseconds(3'600'000);
}

void add_rule(relay_rig& rig, std::string_view what, std::string_view fault, int times = -1) {
    auto added = rig.vertex->add_rule(
        fmt::format(R"({{{},"fault":"{}","times":{}}})", what, fault, times));
    REQUIRE(added);
}

void refuse_model(relay_rig& rig, std::string_view name, std::string_view fault, int times = -1) {
    add_rule(rig, fmt::format(R"("model":"{}")", name), fault, times);
}

void refuse_location(relay_rig& rig, std::string_view location, std::string_view fault,
                     int times = -1) {
    add_rule(rig, fmt::format(R"("path":"/v1/projects/sim-project/locations/{}/")", location),
             fault, times);
}

std::string attempts_of(http_answer const& answer) {
    return answer.field("x-vertex-relay-attempts");
}

bool is_good(http_answer const& answer) {
    return answer.status == 200 && answer.complete && !problem_of(answer.body) &&
           answer.body.find("choices") != std::string::npos;
}

} // namespace

TEST_CASE("a refusal that passes is never seen", "[relay][retry]") {
    for (bool stream : {true, false}) {
        for (auto fault : {"429", "429-pt", "429-queue", "503"}) {
            INFO(fault << (stream ? ", streamed" : ", whole"));
            relay_rig rig(quick);
            refuse_model(rig, model, fault, 2);
            auto answer = rig.ask(chat(model, stream));
            CHECK(is_good(answer));
            CHECK(attempts_of(answer) == "3; google/gemini-3.5-flash@global");
            CHECK(rig.seen().chats_begun == 3);
            CHECK(rig.seen().connections == 2); // one for the token: a refusal costs none
            CHECK(rig.settles());
        }
    }
}

TEST_CASE("each retry is logged, and all are accounted for", "[relay][retry][fallback]") {
    relay_rig rig([](core::config& settings, auto const& vertex) {
        quick(settings, vertex);
        settings.log.level = "info";
        settings.log.access = true;
    });
    refuse_location(rig, "global", "429");
    CHECK(is_good(rig.ask(chat("steady", true))));
    auto logged = rig.log_text();
    auto at = logged.find("429 rate_limit_exceeded from google/gemini-3.5-flash@global, trying "
                          "again in 1 ms");
    CHECK(at != logged.npos);
    CHECK(logged.find("trying google/gemini-3.5-flash@us-central1 instead", at) != logged.npos);
    CHECK(eventually([&] { return rig.logs_line_with({R"("attempts":4)", R"("status":200)"}); }));
}

TEST_CASE("an answer at once says so too", "[relay][retry]") {
    relay_rig rig(quick);
    CHECK(attempts_of(rig.ask(chat(model, true))) == "1; google/gemini-3.5-flash@global");
    CHECK(attempts_of(rig.ask(chat("google/sim-404", true))) == "1; google/sim-404@global");
    CHECK(attempts_of(rig.ask(chat("unheard-of", true))).empty()); // never sent
}

TEST_CASE("a refusal that stays is told with the advice not to try again", "[relay][retry]") {
    relay_rig rig(quick);
    for (bool stream : {true, false}) {
        auto before = rig.seen().chats_begun;
        auto answer = rig.ask(chat("google/sim-429", stream));
        CHECK(answer.status == 429);
        CHECK(answer.field("x-should-retry") == "false");
        CHECK(answer.field("retry-after").empty());
        CHECK(attempts_of(answer) == "3; google/sim-429@global");
        CHECK(rig.seen().chats_begun - before == 3);
        auto problem = problem_of(answer.body);
        REQUIRE(problem);
        CHECK(problem->code == "rate_limit_exceeded");
        CHECK_THAT(problem->message, Catch::Contains("tried 3 times"));
    }
}

TEST_CASE("a time beyond the budget is passed on instead of waited", "[relay][retry]") {
    relay_rig rig(quick);
    auto untried = rig.ask(chat("google/sim-503-retry-after-30", true));
    CHECK(untried.status == 503);
    CHECK(untried.field("retry-after") == "30");
    CHECK(untried.field("x-should-retry").empty());
    CHECK(attempts_of(untried) == "1; google/sim-503-retry-after-30@global");

    refuse_model(rig, model, "429", 1);
    refuse_model(rig, model, "429-retryinfo-30");
    auto tried = rig.ask(chat(model, true));
    CHECK(tried.status == 429);
    CHECK(tried.field("retry-after") == "30");
    CHECK(tried.field("x-should-retry") == "false");
    CHECK(attempts_of(tried) == "2; google/gemini-3.5-flash@global");
}

TEST_CASE("a time within the budget is waited", "[relay][retry]") {
    for (auto fault : {"429-retry-after-1", "429-retryinfo-1"}) {
        relay_rig rig(quick);
        refuse_model(rig, model, fault, 1);
        auto began = std::chrono::steady_clock::now();
        CHECK(is_good(rig.ask(chat(model, true))));
        CHECK(std::chrono::steady_clock::now() - began >= std::chrono::seconds(1));
    }
}

TEST_CASE("the budget ends the retries", "[relay][retry]") {
    relay_rig rig([](core::config& settings, auto const&) {
        settings.retry = {
            .max = 10, .min_delay_ms = milliseconds(400), .budget_ms = milliseconds(1000)};
    });
    // 400 ms, and then 800 more would end behind it.
    CHECK(attempts_of(rig.ask(chat("google/sim-503", true))) == "2; google/sim-503@global");
}

TEST_CASE("other errors are told at once", "[relay][retry]") {
    relay_rig rig(quick);
    for (auto fault : {"400", "403-iam", "404", "499", "500", "504", "html-502", "redirect",
                       "garbage", "rst-at-once", "cut-1", "midstream-error-1"}) {
        INFO(fault);
        auto before = rig.seen().chats_begun;
        auto answer = rig.ask(chat(fmt::format("google/sim-{}", fault), true));
        CHECK(answer.status != 0);
        CHECK(rig.seen().chats_begun - before == 1); // also what broke after the first byte
        CHECK(attempts_of(answer) == fmt::format("1; google/sim-{}@global", fault));
    }
}

TEST_CASE("retries can be turned off, fallbacks with them", "[relay][retry]") {
    relay_rig rig([](core::config& settings, auto const& vertex) {
        quick(settings, vertex);
        settings.retry.max = 0;
    });
    refuse_model(rig, model, "429");
    auto answer = rig.ask(chat("steady", true));
    CHECK(answer.status == 429);
    CHECK(answer.field("x-should-retry").empty());
    CHECK(rig.seen().chats_begun == 1);
}

TEST_CASE("fallbacks are tried in their order, and no others", "[relay][retry][fallback]") {
    relay_rig rig(quick);
    SECTION("a location") {
        refuse_location(rig, "global", "429");
        auto answer = rig.ask(chat("steady", true));
        CHECK(is_good(answer));
        CHECK(attempts_of(answer) == "4; google/gemini-3.5-flash@us-central1");
        CHECK(rig.seen().last_chat_head.starts_with(
            "POST /v1/projects/sim-project/locations/us-central1/endpoints/openapi/"));
    }
    SECTION("then a model") {
        refuse_model(rig, model, "503");
        auto answer = rig.ask(chat("steady", false));
        CHECK(is_good(answer));
        CHECK(attempts_of(answer) == "5; google/gemini-3.8-flash@global");
        CHECK(rig.seen().last_chat_body == chat_body(fallback_model, false));
    }
    SECTION("then nothing") {
        refuse_model(rig, model, "429");
        refuse_model(rig, fallback_model, "429-retry-after-1");
        auto answer = rig.ask(chat("steady", true));
        CHECK(answer.status == 429);
        CHECK(answer.field("retry-after") == "1");
        CHECK(answer.field("x-should-retry") == "false");
        CHECK(attempts_of(answer) == "5; google/gemini-3.8-flash@global");
        CHECK(rig.seen().chats_begun == 5);
    }
    SECTION("at once when Google asks for more patience than the budget has") {
        refuse_location(rig, "global", "429-retryinfo-60");
        CHECK(attempts_of(rig.ask(chat("steady", true))) ==
              "2; google/gemini-3.5-flash@us-central1");
    }
    SECTION("an error of a fallback is the answer") {
        refuse_location(rig, "global", "429");
        refuse_location(rig, "us-central1", "404");
        auto answer = rig.ask(chat("steady", true));
        CHECK(answer.status == 404);
        CHECK_THAT(answer.body, Catch::Contains("us-central1"));
        CHECK(attempts_of(answer) == "4; google/gemini-3.5-flash@us-central1");
    }
    SECTION("only for the route that lists them") {
        refuse_model(rig, model, "429");
        CHECK(attempts_of(rig.ask(chat(model, true))) == "3; google/gemini-3.5-flash@global");
    }
    CHECK(rig.settles());
}

TEST_CASE("a large body arrives whole at each target", "[relay][retry][fallback]") {
    relay_rig rig(quick);
    refuse_model(rig, model, "503");
    auto text = std::string(700'000, 'x');
    auto with_model = [&](std::string_view name) {
        return fmt::format(R"({{"messages":[{{"role":"user","content":"{}"}}],"model":"{}"}})",
                           text, name);
    };
    CHECK(is_good(rig.ask(post_chat(with_model("steady")))));
    CHECK(rig.seen().last_chat_body == with_model(fallback_model));
    CHECK(rig.settles());
}

TEST_CASE("a client that leaves ends the wait", "[relay][retry]") {
    relay_rig rig(patient);
    for (bool reset : {false, true}) {
        auto before = rig.seen().chats_begun;
        auto client = rig.connect();
        REQUIRE(client.send(chat("google/sim-429", true)));
        REQUIRE(eventually([&] { return rig.seen().chats_finished == before + 1; }));
        REQUIRE(eventually([&] { return rig.idle_upstream() == 1; })); // the refusal was read
        CHECK(rig.load.streams == 1);
        reset ? client.reset() : client.close();
        CHECK(rig.settles());
        CHECK(rig.seen().chats_begun == before + 1);
    }
}

TEST_CASE("the end of the relay ends the wait", "[relay][retry]") {
    relay_rig rig(patient);
    auto client = rig.connect();
    REQUIRE(client.send(chat("google/sim-503", true)));
    REQUIRE(eventually([&] { return rig.idle_upstream() == 1; }));
    std::atomic<bool> gone = false;
    rig.drain(gone);
    rig.abandon();
    auto answer = client.read();
    CHECK(answer.status == 503);
    CHECK(answer.field("x-should-retry").empty());
    CHECK(eventually([&] { return gone.load(); }));
    CHECK(rig.settles());
}

TEST_CASE("a new token and a new try go together", "[relay][retry]") {
    relay_rig rig(quick);
    SECTION("401, then 429") {
        CHECK(is_good(rig.ask(chat(model, true))));
        rig.vertex->revoke_tokens();
        refuse_model(rig, model, "429", 1);
        auto answer = rig.ask(chat(model, true));
        CHECK(is_good(answer));
        CHECK(attempts_of(answer) == "3; google/gemini-3.5-flash@global");
    }
    SECTION("429, then 401") {
        refuse_model(rig, model, "429", 1);
        refuse_model(rig, model, "401-once");
        auto answer = rig.ask(chat(model, true));
        CHECK(is_good(answer));
        CHECK(attempts_of(answer) == "3; google/gemini-3.5-flash@global");
    }
    SECTION("401 for ever is no matter of patience") {
        refuse_model(rig, model, "429", 1);
        refuse_model(rig, model, "401");
        auto answer = rig.ask(chat("steady", true));
        CHECK(answer.status == 400);
        CHECK(problem_of(answer.body)->code == "google_credentials_rejected");
        CHECK(answer.field("x-should-retry") == "false");
        CHECK(attempts_of(answer) == "3; google/gemini-3.5-flash@global");
    }
    CHECK(rig.seen().token_grants == 2);
}

TEST_CASE("many refused at once come back within their bounds", "[relay][retry]") {
    relay_rig rig(quick);
    constexpr int clients = 60;
    refuse_model(rig, model, "429", clients);
    std::vector<relay_client> open;
    for (int i = 0; i < clients; ++i) {
        open.push_back(rig.connect());
        REQUIRE(open.back().send(chat(model, i % 2 == 0)));
    }
    int good = 0;
    for (auto& client : open) {
        auto answer = client.read();
        good += is_good(answer) ? 1 : 0;
        CHECK((is_good(answer) || answer.field("x-should-retry") == "false"));
    }
    CHECK(good >= clients - clients / 3); // each failure used up three refusals
    CHECK(rig.seen().chats_begun <= 3 * clients);
    open.clear();
    CHECK(rig.settles());
}
