#include "io/token_source.hpp"

#include "net/token_rig.hpp"
#include "net/token_server.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <atomic>
#include <future>
#include <set>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;
using io::token_event;
using std::chrono::hours;
using std::chrono::seconds;

/// A token endpoint that numbers its tokens.
token_server::script numbered(int lifetime = 3599) {
    auto issued = std::make_shared<std::atomic<int>>(0);
    return [=](std::string const&) {
        auto name = fmt::format("token-{}", ++*issued);
        return token_server::reply{http_ok(token_json(name, lifetime))};
    };
}

token_server::script always(std::string bytes, bool hold = false) {
    return [=](std::string const&) { return token_server::reply{bytes, hold}; };
}

struct user_rig {
    explicit user_rig(token_server::script answers)
        : server(std::move(answers)), file(files.write("user.json", user_file(server.url()))),
          rig({.credentials = file}) {}

    token_server server;
    scratch_directory files;
    std::string file;
    token_rig rig;
};

std::string text_of(io::token_source::answer const& answer) {
    return answer ? std::string((*answer)->value.reveal()) : answer.error().code;
}

std::set<std::string> distinct(std::vector<io::token_source::answer> const& answers) {
    std::set<std::string> texts;
    for (auto const& answer : answers) {
        texts.insert(text_of(answer));
    }
    return texts;
}

} // namespace

TEST_CASE("many askers at once cost one grant", "[token_source]") {
    user_rig here(numbered());
    auto answers = here.rig.get_many(200);
    CHECK(distinct(answers) == std::set<std::string>{"token-1"});
    CHECK(here.server.count() == 1);
    CHECK(here.rig.source.current()->generation == 1);
    CHECK_FALSE(here.rig.source.trouble());
}

TEST_CASE("what is known of the credentials is published", "[token_source]") {
    user_rig here(numbered());
    REQUIRE(here.rig.get());
    auto who = here.rig.source.who();
    REQUIRE(who);
    CHECK(who->quota_project_of_file == "billed-project");
    CHECK(who->universe == "googleapis.com");
    CHECK(who->description.find("authorized_user from " + here.file) != std::string::npos);
    auto log = here.rig.log.text();
    CHECK(log.find("authorized_user") != std::string::npos);
    for (auto secret : {"token-1", "1//fresh", "d-secret"}) {
        CHECK(log.find(secret) == std::string::npos);
    }
}

TEST_CASE("a token is renewed before it expires, and nobody waits", "[token_source]") {
    user_rig here(numbered());
    REQUIRE(here.rig.get());
    here.rig.clock.move(seconds(3599 - 300));
    CHECK(text_of(here.rig.get()) == "token-1");
    here.rig.source.check();
    REQUIRE(here.rig.log.wait_for(token_event::renewed, 2));
    CHECK(text_of(here.rig.get()) == "token-2");
    CHECK(here.server.count() == 2);
}

TEST_CASE("a failing token endpoint takes no good token away", "[token_source]") {
    user_rig here(numbered());
    REQUIRE(here.rig.get());
    here.server.answer_with(always(http_error(503, "try later")));
    here.rig.clock.move(seconds(3599 - 300));
    here.rig.source.check();
    REQUIRE(here.rig.log.wait_for(token_event::failed, 1));
    CHECK(text_of(here.rig.get()) == "token-1");
    CHECK_FALSE(here.rig.source.trouble());

    here.rig.clock.move(seconds(299)); // now it is over
    CHECK(here.rig.source.current() == nullptr);
    auto trouble = here.rig.source.trouble();
    REQUIRE(trouble);
    CHECK(trouble->status == 503);

    here.server.answer_with(always(http_ok(token_json("late"))));
    CHECK(text_of(here.rig.get()) == "late");
}

TEST_CASE("an expired token is never handed out", "[token_source]") {
    user_rig here(numbered());
    REQUIRE(here.rig.get());
    here.rig.clock.move(hours(2)); // as after a suspended night
    CHECK(here.rig.source.current() == nullptr);
    CHECK(text_of(here.rig.get()) == "token-2");
    CHECK(here.rig.log.count(token_event::resumed) == 1);
    CHECK(here.rig.log.text().find("slept for 7") != std::string::npos); // 7200 s, less a moment
}

TEST_CASE("a storm of 401 costs one refresh", "[token_source]") {
    user_rig here(numbered());
    REQUIRE(here.rig.get());
    auto answers = here.rig.replace_many(100, 1);
    CHECK(distinct(answers) == std::set<std::string>{"token-2"});
    CHECK(here.server.count() == 2);

    SECTION("a straggler gets the newer token") {
        CHECK(text_of(here.rig.replace(1)) == "token-2");
        CHECK(here.server.count() == 2);
    }
    SECTION("a fresh token that is refused too is sent once more, and not replaced so soon") {
        CHECK(text_of(here.rig.replace(2)) == "token-2");
        CHECK(here.server.count() == 2);
    }
    SECTION("half a minute later another one may help") {
        here.rig.clock.move(seconds(31));
        CHECK(text_of(here.rig.replace(2)) == "token-3");
    }
}

TEST_CASE("a refused token is not replaced by a failing endpoint", "[token_source]") {
    user_rig here(numbered());
    REQUIRE(here.rig.get());
    here.server.answer_with(
        always(http_error(400, R"({"error":"invalid_grant","error_description":"Bad Request"})")));
    auto refused = here.rig.replace(1);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().status == 400);
    CHECK(refused.error().code.starts_with("google_credentials_"));
}

TEST_CASE("a permanent failure is told at once and ends with the next login", "[token_source]") {
    user_rig here(
        always(http_error(400, R"({"error":"invalid_grant","error_description":"Bad Request"})")));
    auto refused = here.rig.get_many(50);
    CHECK(distinct(refused).size() == 1);
    CHECK(refused[0].error().status == 400);
    CHECK(here.server.count() == 1);

    here.server.answer_with(numbered());
    CHECK_FALSE(here.rig.get()); // nothing changed: not asked again
    CHECK(here.server.count() == 1);

    here.files.write("user.json", user_file(here.server.url(), "1//newer"));
    here.rig.clock.move(seconds(2));
    CHECK(text_of(here.rig.get()) == "token-1");
    CHECK(here.server.requests().back().find("1%2F%2Fnewer") != std::string::npos);
}

TEST_CASE("a replaced credential file is used without a restart", "[token_source]") {
    user_rig here(numbered());
    REQUIRE(here.rig.get());
    token_server second(always(http_ok(token_json("second"))));
    here.files.write("user.json", user_file(second.url()));
    CHECK(text_of(here.rig.get()) == "token-1");
    here.rig.source.check();
    REQUIRE(here.rig.log.wait_for(token_event::renewed, 2));
    CHECK(text_of(here.rig.get()) == "second");

    SECTION("a broken one leaves the token in use") {
        here.files.write("user.json", "{");
        here.rig.source.check();
        REQUIRE(here.rig.log.wait_for(token_event::failed, 1));
        CHECK(text_of(here.rig.get()) == "second");
    }
    SECTION("a reload asks again although nothing changed") {
        here.rig.source.reload();
        REQUIRE(here.rig.log.wait_for(token_event::found, 3));
        CHECK(second.count() >= 1);
    }
}

TEST_CASE("credentials may come after the start", "[token_source]") {
    token_server server(numbered());
    scratch_directory files;
    core::google::environment variables(
        {{"CLOUDSDK_CONFIG", files.path("gcloud")}, {"NO_GCE_CHECK", "true"}});
    token_rig rig({.variables = variables});
    auto missing = rig.get();
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == "google_credentials_not_found");
    CHECK(rig.source.who() == nullptr);
    CHECK(rig.source.trouble()->code == "google_credentials_not_found");

    files.write("gcloud/application_default_credentials.json", user_file(server.url()));
    rig.clock.move(seconds(2));
    CHECK(text_of(rig.get()) == "token-1");
    CHECK_FALSE(rig.source.trouble());
}

TEST_CASE("a rotated refresh token is used from then on", "[token_source]") {
    user_rig here(always(http_ok(
        R"({"access_token":"first","expires_in":3599,"refresh_token":"1//rotated"})")));
    REQUIRE(here.rig.get());
    here.rig.clock.move(hours(2));
    REQUIRE(here.rig.get());
    CHECK(here.server.requests().at(1).find("1%2F%2Frotated") != std::string::npos);
}

TEST_CASE("garbage from the token endpoint is survived", "[token_source]") {
    auto bytes = GENERATE(as<std::string>{}, "not http at all\r\n\r\n", "",
                          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<html",
                          "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
                          "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n{");
    user_rig here(always(bytes));
    REQUIRE(here.rig.log.wait_for(token_event::failed, 1));
    auto trouble = here.rig.source.trouble();
    REQUIRE(trouble);
    CHECK(trouble->status == 503);
    here.server.answer_with(numbered());
    here.rig.clock.move(seconds(2));
    CHECK(text_of(here.rig.get()) == "token-1");
}

TEST_CASE("a stopped source lets nobody wait", "[token_source]") {
    user_rig here(always("", true)); // never answers
    std::vector<io::token_source::answer> answers;
    std::thread asker([&] { answers = here.rig.get_many(3); });
    auto stopping = std::thread([&] { here.rig.source.stop(); });
    asker.join();
    stopping.join();
    REQUIRE(answers.size() == 3);
    for (auto const& answer : answers) {
        REQUIRE_FALSE(answer);
        CHECK(answer.error().status == 503);
        CHECK(answer.error().message.find("shutting down") != std::string::npos);
    }
}

TEST_CASE("whoever stops a source is told of its end", "[token_source]") {
    user_rig here(numbered());
    CHECK(text_of(here.rig.get()) == "token-1");
    std::promise<bool> told;
    here.rig.source.stop([&] { told.set_value(here.rig.source.ended()); });
    auto ended = told.get_future();
    REQUIRE(ended.wait_for(std::chrono::seconds(30)) == std::future_status::ready);
    CHECK(ended.get());
}

namespace {

io::task<io::token_source::answer> impatient(io::fiber& sleeper, io::token_source& source) {
    auto limit = sleeper.loop().now() + std::chrono::milliseconds(20);
    sleeper.expires_at(limit);
    auto answer = co_await source.get(sleeper);
    if (sleeper.limit() != limit) {
        co_return io::token_source::answer(nullptr);
    }
    co_return answer;
}

io::task<> keep(io::task<io::token_source::answer> asked, io::token_source::answer& into) {
    auto answer = co_await asked;
    into = std::move(answer);
}

} // namespace

TEST_CASE("a request's own deadline ends its wait, not the refresh", "[token_source]") {
    std::promise<void> gate;
    auto opened = gate.get_future().share();
    user_rig here([=](std::string const&) {
        opened.wait();
        return token_server::reply{http_ok(token_json("slow"))};
    });
    io::token_source::answer answer(nullptr);
    here.rig.other.run([&](io::fiber& sleeper, std::size_t) {
        return keep(impatient(sleeper, here.rig.source), answer);
    });
    CHECK(text_of(answer) == "google_credentials_unavailable");
    gate.set_value();
    CHECK(text_of(here.rig.get()) == "slow");
    CHECK(here.server.count() == 1);
}
