#include "io/token_call.hpp"

#include "net/loop_thread.hpp"
#include "net/token_server.hpp"
#include "simulator/simulator.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <optional>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;
using core::google::call_fault;
using core::google::token_call;
using std::chrono::milliseconds;

token_call get_call(std::uint16_t port) {
    return {.scheme = "http",
            .host = "127.0.0.1",
            .port = port,
            .method = "GET",
            .target = "/path?x=1",
            .headers = {{"Metadata-Flavor", "Google"}},
            .body = {},
            .connect_timeout = milliseconds(5000),
            .timeout = milliseconds(5000)};
}

io::task<> send(io::fiber& sleeper, io::connector& connects, token_call const& call,
                std::optional<core::google::call_outcome>& outcome) {
    auto answered = co_await io::run_token_call(sleeper, connects, call);
    outcome.emplace(std::move(answered));
}

core::google::call_outcome outcome_of(token_call const& call, std::string const& ca_file = {}) {
    loop_thread here(ca_file);
    here.begin();
    std::optional<core::google::call_outcome> outcome;
    here.run([&](io::fiber& sleeper, std::size_t) {
        return send(sleeper, here.connects, call, outcome);
    });
    return std::move(*outcome);
}

/// The outcome of a GET that is answered with these bytes.
core::google::call_outcome outcome_for(std::string bytes, bool hold = false,
                             milliseconds timeout = milliseconds(5000)) {
    token_server server([&](auto const&) { return token_server::reply{bytes, hold}; });
    auto call = get_call(server.port());
    call.timeout = timeout;
    return outcome_of(call);
}

call_fault fault_for(std::string bytes, bool hold = false,
                     milliseconds timeout = milliseconds(5000)) {
    auto outcome = outcome_for(std::move(bytes), hold, timeout);
    REQUIRE_FALSE(outcome);
    return outcome.error().fault;
}

std::string body_for(std::string bytes) {
    auto outcome = outcome_for(std::move(bytes), true);
    REQUIRE(outcome);
    return std::string(outcome->body.reveal());
}

} // namespace

TEST_CASE("a token call is one complete request", "[token_call]") {
    token_server server([](auto const&) { return token_server::reply{http_ok("{}")}; });
    auto call = get_call(server.port());
    auto host = fmt::format("Host: 127.0.0.1:{}\r\n", server.port());

    SECTION("GET") {
        REQUIRE(outcome_of(call));
        CHECK(server.requests().at(0) == "GET /path?x=1 HTTP/1.1\r\n" + host +
                                             "Metadata-Flavor: Google\r\n"
                                             "Connection: close\r\n\r\n");
    }
    SECTION("POST") {
        call.method = "POST";
        call.body = core::secret("grant_type=refresh_token");
        REQUIRE(outcome_of(call));
        CHECK(server.requests().at(0) == "POST /path?x=1 HTTP/1.1\r\n" + host +
                                             "Metadata-Flavor: Google\r\nContent-Length: 24\r\n"
                                             "Connection: close\r\n\r\ngrant_type=refresh_token");
    }
}

TEST_CASE("a token answer is read in every framing", "[token_call]") {
    CHECK(body_for(http_ok("hello")) == "hello");
    CHECK(body_for(http_ok("")).empty());
    CHECK(body_for("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                   "3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n") == "hello");
    CHECK(body_for("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + http_ok("hello")) == "hello");
    CHECK(body_for("HTTP/1.1 204 No Content\r\n\r\n").empty());
    auto closed = outcome_for("HTTP/1.0 200 OK\r\n\r\nhello");
    REQUIRE(closed);
    CHECK(closed->body.reveal() == "hello");
}

TEST_CASE("any status is an answer, and redirects stay where they are", "[token_call]") {
    auto moved = outcome_for("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
                             "Content-Length: 0\r\n\r\n");
    REQUIRE(moved);
    CHECK(moved->status == 302);
    CHECK(moved->header("location") == "http://127.0.0.1:1/");
    auto refused = outcome_for(http_error(400, "why"));
    REQUIRE(refused);
    CHECK(refused->status == 400);
    CHECK(refused->body.reveal() == "why");
}

TEST_CASE("a token answer is bounded", "[token_call]") {
    std::string const limit(64 * 1024, 'x');
    CHECK(body_for(http_ok(limit)).size() == limit.size());
    CHECK(fault_for(http_ok(limit + "x")) == call_fault::malformed);
    CHECK(fault_for("HTTP/1.1 200 OK\r\n\r\n" + limit + "x") == call_fault::malformed);
    CHECK(fault_for(fmt::format("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                "10001\r\n{}x\r\n0\r\n\r\n",
                                limit)) == call_fault::malformed);
    CHECK(fault_for("HTTP/1.1 200 OK\r\nX: " + limit + "\r\n\r\n") == call_fault::malformed);
    CHECK(fault_for("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n") ==
          call_fault::malformed);
}

TEST_CASE("what is no HTTP answer is a fault of its own", "[token_call]") {
    CHECK(fault_for("SSH-2.0-OpenSSH_9.2\r\n\r\n") == call_fault::malformed);
    CHECK(fault_for("\x15\x03\x01\x02\x02\x28\n\n") == call_fault::malformed);
    CHECK(fault_for("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n") ==
          call_fault::malformed);
    CHECK(fault_for("") == call_fault::cut_off);
    CHECK(fault_for("HTTP/1.1 200 OK\r\nContent-Le") == call_fault::cut_off);
    CHECK(fault_for("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf") == call_fault::cut_off);
}

TEST_CASE("a slow token server costs the call's time and no more", "[token_call]") {
    CHECK(fault_for("", true, milliseconds(50)) == call_fault::timed_out);
    CHECK(fault_for("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", true, milliseconds(50)) ==
          call_fault::timed_out);
}

TEST_CASE("connections that fail are told apart", "[token_call]") {
    SECTION("nobody listens") {
        std::uint16_t port = 0;
        {
            token_server gone([](auto const&) { return token_server::reply{}; });
            port = gone.port();
        }
        auto outcome = outcome_of(get_call(port));
        REQUIRE_FALSE(outcome);
        CHECK(outcome.error().fault == call_fault::connect_failed);
        CHECK(outcome.error().detail == "Connection refused");
    }
    SECTION("a name that does not exist") {
        auto call = get_call(80);
        call.host = "no-such-host.invalid";
        auto outcome = outcome_of(call);
        REQUIRE_FALSE(outcome);
        bool named = outcome.error().fault == call_fault::name_not_found ||
                     outcome.error().fault == call_fault::timed_out; // a resolver that is silent
        CHECK(named);
    }
    SECTION("not TLS") {
        token_server server([](auto const&) { return token_server::reply{"no\r\n\r\n"}; });
        auto call = get_call(server.port());
        call.scheme = "https";
        call.timeout = milliseconds(3000);
        auto outcome = outcome_of(call);
        REQUIRE_FALSE(outcome);
        bool broken = outcome.error().fault == call_fault::tls_failed ||
                      outcome.error().fault == call_fault::timed_out;
        CHECK(broken);
    }
    SECTION("a certificate nobody vouches for") {
        auto vertex = simulator::instance::start({});
        REQUIRE(vertex);
        auto call = get_call((*vertex)->port());
        call.scheme = "https";
        auto refused = outcome_of(call);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().fault == call_fault::tls_untrusted);
        CHECK(outcome_of(call, (*vertex)->ca_file().string()));
    }
}

namespace {

io::task<> keep_deadline(io::fiber& sleeper, io::connector& connects, token_call const& call,
                         bool& kept) {
    auto before = sleeper.loop().now() + std::chrono::hours(1);
    sleeper.expires_at(before);
    auto outcome = co_await io::run_token_call(sleeper, connects, call);
    kept = outcome && sleeper.limit() == before;
}

} // namespace

TEST_CASE("a token call leaves the fiber's deadline as it was", "[token_call]") {
    token_server server([](auto const&) { return token_server::reply{http_ok("{}")}; });
    auto call = get_call(server.port());
    loop_thread here;
    here.begin();
    bool kept = false;
    here.run([&](io::fiber& sleeper, std::size_t) {
        return keep_deadline(sleeper, here.connects, call, kept);
    });
    CHECK(kept);
}
