// Tokens as requests see them: there when needed, replaced once for all, never waited for in vain.

#include "net/echo_rig.hpp"
#include "net/gate.hpp"
#include "net/relay_shape.hpp"
#include "net/token_server.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;
using std::chrono::seconds;

constexpr std::size_t crowd = 1000;

/// Asks with each client at once; the number of answers with status 200.
std::size_t ask_all(std::vector<relay_client>& clients) {
    for (std::size_t i = 0; i < clients.size(); ++i) {
        clients[i].send(chat("google/sim-pass", i % 2 == 0));
    }
    std::size_t good = 0;
    for (auto& client : clients) {
        auto answer = client.read();
        good += answer.status == 200 && answer.complete ? 1 : 0;
    }
    return good;
}

std::vector<relay_client> connect_many(relay_rig& rig, std::size_t count) {
    std::vector<relay_client> clients;
    for (std::size_t i = 0; i < count; ++i) {
        clients.push_back(rig.connect());
    }
    return clients;
}

/// A relay in front of an echo, with tokens of a server whose answers the test gives.
struct token_flow {
    explicit token_flow(token_server::script answers)
        : server(std::move(answers)), rig([this](core::config& settings, auto const&) {
              settings.google.credentials = files.write("user.json", user_file(server.url()));
          }) {}

    token_server server;
    scratch_directory files;
    echo_rig rig;
};

} // namespace

TEST_CASE("a thousand requests at the moment of expiry cost one refresh", "[relay][token]") {
    relay_rig rig;
    auto clients = connect_many(rig, crowd);
    REQUIRE(rig.ask(chat("google/sim-pass", false)).status == 200);
    REQUIRE(rig.seen().token_requests == 1);
    rig.vertex->advance_clock(seconds(3'600));
    rig.clock.move(seconds(3'600));
    CHECK(ask_all(clients) == crowd);
    CHECK(rig.seen().token_requests == 2);
    CHECK(rig.seen().unauthenticated == 0); // nobody sent the old one

    // All at once find their token revoked: one refresh, one replay each.
    auto begun = rig.seen().chats_begun;
    rig.vertex->revoke_tokens();
    CHECK(ask_all(clients) == crowd);
    CHECK(rig.seen().token_requests == 3);
    auto refused = rig.seen().unauthenticated;
    CHECK(refused >= 1);
    CHECK(refused <= crowd);
    CHECK(rig.seen().chats_begun - begun == crowd + refused);
}

TEST_CASE("a second 401 is told as what it is", "[relay][token]") {
    relay_rig rig([](core::config& settings, auto const&) { settings.log.access = true; });
    for (bool stream : {false, true}) {
        auto answer = rig.ask(chat("google/sim-401", stream));
        CHECK(answer.status == 400);
        CHECK(answer.field("x-should-retry") == "false");
        auto problem = problem_of(answer.body);
        REQUIRE(problem);
        CHECK(problem->code == "google_credentials_rejected");
        CHECK(answer.body.find("UNAUTHENTICATED") != std::string::npos); // error.google
        CHECK(rig.ask(chat("google/sim-pass", stream)).status == 200);
    }
    CHECK(rig.logs_line_with({R"("status":400)", R"("attempts":2)"}));
    CHECK(rig.seen().token_requests <= 3);
}

TEST_CASE("a request whose token was refused once succeeds", "[relay][token]") {
    relay_rig rig([](core::config& settings, auto const&) { settings.log.access = true; });
    auto answer = rig.ask(chat("google/sim-401-once", true));
    CHECK(answer.status == 200);
    CHECK(stream_of(answer.body).done);
    CHECK(rig.seen().token_requests == 2);
    CHECK(rig.logs_line_with({R"("status":200)", R"("attempts":2)"}));
}

TEST_CASE("a 401 soon after a forced refresh is sent once more all the same", "[relay][token]") {
    std::atomic<int> asked = 0; // the third is a passing 401: of another model, with a fresh token
    scripted_origin origin([&](origin_line& line) {
        while (line.read()) {
            line.send(++asked <= 3 ? "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"
                                   : json_answer(R"({"choices":[]})"));
        }
    });
    relay_rig rig([&](core::config& settings, auto const&) { origin.stand_in(settings); });
    CHECK(rig.ask(chat(open_model, false)).status == 400);
    CHECK(rig.ask(chat(open_model, false)).status == 200);
    CHECK(asked == 4);
    CHECK(rig.seen().token_requests == 2);
}

TEST_CASE("a refresh is forced once in thirty seconds, whoever asks", "[relay][token]") {
    relay_rig rig;
    REQUIRE(rig.ask(chat("google/sim-401", false)).status == 400);
    REQUIRE(rig.seen().token_requests == 2);
    // Refuses the token it meets first, always: that needs another, and it is too soon for one.
    rig.clock.move(seconds(29));
    auto answer = rig.ask(chat("google/sim-401-once", false));
    CHECK(answer.status == 400);
    CHECK(problem_of(answer.body)->code == "google_credentials_rejected");
    CHECK(rig.ask(chat("google/sim-pass", false)).status == 200); // the token stays in use
    CHECK(rig.seen().token_requests == 2);
    rig.clock.move(seconds(1));
    CHECK(rig.ask(chat("google/sim-401-once", false)).status == 200);
    CHECK(rig.seen().token_requests == 3);
}

TEST_CASE("nobody waits for a refresh while the token is good", "[relay][token]") {
    gate release;
    std::atomic<int> asked = 0;
    token_flow flow([&](std::string const&) {
        auto number = ++asked;
        if (number > 1) {
            release.wait();
        }
        return token_server::reply{http_ok(token_json(fmt::format("token-{}", number)))};
    });
    auto& relay = flow.rig.relay;
    REQUIRE(relay.ask(post_chat(numbered_body(0))).status == 200);
    relay.clock.move(seconds(3'599 - 300)); // past the moment of renewal
    relay.tokens().check();
    REQUIRE(eventually([&] { return asked == 2; }));
    for (std::size_t i = 0; i < 100; ++i) {
        CHECK(relay.ask(post_chat(numbered_body(i))).body == numbered_body(i));
    }
    CHECK(asked == 2); // all of them while the server held its answer back
    CHECK(relay.tokens().current()->generation == 1);
    release.open();
    CHECK(eventually([&] { return relay.tokens().current()->generation == 2; }));
}

TEST_CASE("a login that is over is told at once, with what to do", "[relay][token]") {
    token_flow flow([](std::string const&) {
        return token_server::reply{http_error(400, R"({"error":"invalid_grant"})")};
    });
    auto& relay = flow.rig.relay;
    auto answer = relay.ask(post_chat(numbered_body(1)));
    CHECK(answer.status == 400);
    CHECK(answer.field("x-should-retry") == "false");
    auto problem = problem_of(answer.body);
    REQUIRE(problem);
    CHECK(problem->code.starts_with("google_credentials_"));
    CHECK(problem->message.find("gcloud auth application-default login") != std::string::npos);
    CHECK(flow.rig.origin.connections() == 0);
    CHECK(relay.ask(get("/livez")).status == 200);
}

TEST_CASE("a token server that fails makes the relay unready, not dead", "[relay][token]") {
    for (auto const& reply :
         {http_error(503, "later"), http_ok("<html>"), std::string("garbage"),
          http_ok(R"({"access_token":"a","expires_in":0})"),
          http_ok(R"({"access_token":"a","expires_in":-5})"), http_ok(std::string(100'000, ' '))}) {
        INFO(reply.substr(0, 200));
        token_flow flow([&](std::string const&) { return token_server::reply{reply}; });
        auto& relay = flow.rig.relay;
        REQUIRE(eventually([&] {
            auto trouble = relay.tokens().trouble();
            return trouble && trouble->message.find("being fetched") == std::string::npos;
        }));
        auto answer = relay.ask(get("/readyz"));
        CHECK(answer.status == 503);
        CHECK_FALSE(answer.field("retry-after").empty());
        CHECK(problem_of(answer.body)->code.starts_with("google_credentials_"));
        CHECK(relay.ask(get("/livez")).status == 200);
    }
}
