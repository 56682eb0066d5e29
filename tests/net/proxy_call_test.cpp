// Token calls through proxies of every temper.

#include "io/token_call.hpp"

#include "net/token_rig.hpp"
#include "net/token_server.hpp"
#include "net/tunnel_proxy.hpp"
#include "simulator/simulator.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cstdlib>
#include <optional>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;
using Catch::Contains;
using core::google::call_fault;
using core::google::token_call;
using std::chrono::milliseconds;
using wire = scripted_origin::wire;

constexpr auto canary = "refresh_token=canary";

/// A token server under Google's name, which only a proxy can find.
class token_origin {
public:
    std::uint16_t port() const { return origin_.port(); }
    std::size_t connections() const { return origin_.connections(); }
    /// A file that makes it, and more, trusted.
    std::string ca_file(std::string const& more = {}) const {
        return files_.write("ca.pem", origin_.ca_pem() + more);
    }

private:
    static void serve(origin_line& line) {
        while (auto request = line.read()) {
            line.send(json_answer(request->body));
        }
    }
    scratch_directory files_;
    scripted_origin origin_{serve};
};

token_call google_call() {
    return {.scheme = "https",
            .host = "oauth2.googleapis.com",
            .port = 443,
            .method = "POST",
            .target = "/token",
            .headers = {{"Authorization", "Bearer canary"}},
            .body = core::secret(canary),
            .connect_timeout = milliseconds(20'000),
            .timeout = milliseconds(20'000)};
}

io::task<> send(io::fiber& sleeper, io::connector& connects, token_call const& call,
                std::optional<core::google::call_outcome>& outcome) {
    auto answered = co_await io::run_token_call(sleeper, connects, call);
    outcome.emplace(std::move(answered));
}

struct network {
    core::proxy_rules through = {};
    std::string ca_file = {};
    std::vector<std::string> resolve = {};
    io::name_source names = {};
};

core::google::call_outcome outcome_of(token_call const& call, network by) {
    loop_thread here(by.ca_file, by.resolve, std::move(by.through), std::move(by.names));
    here.begin();
    std::optional<core::google::call_outcome> outcome;
    here.run([&](io::fiber& sleeper, std::size_t) {
        return send(sleeper, here.connects, call, outcome);
    });
    return std::move(*outcome);
}

/// The failure of a call through a proxy that behaves like this.
core::google::call_failure failure_of(proxy_behaviour behaviour, std::string const& userinfo = {},
                            milliseconds connect_timeout = milliseconds(20'000)) {
    tunnel_proxy proxy(0, std::move(behaviour));
    auto call = google_call();
    call.connect_timeout = connect_timeout;
    core::google::environment variables({{"HTTPS_PROXY", proxy.url(userinfo)}});
    auto outcome = outcome_of(call, {.through = core::proxy_rules::from(variables).value()});
    REQUIRE_FALSE(outcome);
    CHECK_THAT(outcome.error().detail, Contains(fmt::format("127.0.0.1:{}", proxy.port())));
    return outcome.error();
}

} // namespace

TEST_CASE("a token call goes through the proxy's tunnel", "[proxy]") {
    token_origin google;
    for (auto kind : {wire::plain, wire::tls}) {
        for (std::string interim : {"", "HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n"}) {
            for (bool byte_by_byte : {false, true}) {
                tunnel_proxy proxy(
                    google.port(),
                    {.answer = interim + "HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\n",
                     .byte_by_byte = byte_by_byte,
                     .wire = kind});
                auto outcome =
                    outcome_of(google_call(), {.through = proxy.rules(),
                                               .ca_file = google.ca_file(proxy.ca_pem())});
                INFO((outcome ? std::string() : outcome.error().detail));
                REQUIRE(outcome);
                CHECK(outcome->body.reveal() == canary);
                REQUIRE(proxy.requests().size() == 1);
                CHECK(proxy.requests()[0] == "CONNECT oauth2.googleapis.com:443 HTTP/1.1\r\n"
                                             "Host: oauth2.googleapis.com:443\r\n"
                                             "User-Agent: vertex-relay/" RELAY_VERSION "\r\n\r\n");
                CHECK(proxy.traffic().size() > 500);
                CHECK_THAT(proxy.traffic(), !Contains("canary"));
            }
        }
    }
}

TEST_CASE("the proxy gets its own password and nobody else does", "[proxy]") {
    token_origin google;
    tunnel_proxy proxy(google.port());
    core::google::environment variables({{"HTTPS_PROXY", proxy.url("user:p%40ss@")}});
    auto outcome = outcome_of(google_call(), {.through = core::proxy_rules::from(variables).value(),
                                              .ca_file = google.ca_file()});
    REQUIRE(outcome);
    CHECK_THAT(proxy.requests().at(0),
               Contains("\r\nProxy-Authorization: Basic dXNlcjpwQHNz\r\n")); // user:p@ss
    CHECK_THAT(proxy.traffic(), !Contains("dXNlcjpwQHNz"));
}

TEST_CASE("a tunnelled name is looked up by the proxy alone", "[proxy]") {
    token_origin google;
    tunnel_proxy proxy(google.port());
    std::atomic<int> questions = 0;
    io::name_source names;
    names.ask = [&](std::string const& host, std::uint16_t port, io::tell_answer const& tell) {
        ++questions;
        CHECK(host == "proxy.corp");
        tell(io::name_answer({*io::parse_address("127.0.0.1", port)}));
    };
    CHECK(outcome_of(google_call(), {.through = proxy.rules(), .ca_file = google.ca_file(),
                                     .names = names}));
    CHECK(questions == 0);
    core::google::environment named(
        {{"HTTPS_PROXY", fmt::format("http://proxy.corp:{}", proxy.port())}});
    CHECK(outcome_of(google_call(), {.through = core::proxy_rules::from(named).value(),
                                     .ca_file = google.ca_file(), .names = names}));
    CHECK(questions == 1);
    CHECK(proxy.requests().size() == 2);
}

TEST_CASE("what is near, excepted or pinned never meets the proxy", "[proxy]") {
    token_origin google;
    tunnel_proxy proxy(google.port());
    auto ca = google.ca_file();
    SECTION("the metadata server") {
        token_server metadata([](auto const&) { return token_server::reply{http_ok("{}")}; });
        auto call = google_call();
        call.scheme = "http";
        call.host = "127.0.0.1";
        call.port = metadata.port();
        call.direct = true;
        CHECK(outcome_of(call, {.through = proxy.rules()}));
    }
    SECTION("a call that says so") {
        auto call = google_call();
        call.direct = true;
        call.timeout = milliseconds(50);
        io::name_source nobody;
        nobody.ask = [](std::string const&, std::uint16_t, io::tell_answer const& tell) {
            tell(std::unexpected("nobody there"));
        };
        auto outcome = outcome_of(call, {.through = proxy.rules(), .ca_file = ca, .names = nobody});
        REQUIRE_FALSE(outcome);
        CHECK(outcome.error().fault == call_fault::name_not_found);
        CHECK(outcome.error().detail == "nobody there");
    }
    SECTION("loopback") {
        auto call = google_call();
        call.host = "127.0.0.1";
        call.port = google.port();
        CHECK(outcome_of(call, {.through = proxy.rules(), .ca_file = ca}));
        CHECK(google.connections() == 1);
    }
    SECTION("NO_PROXY") {
        auto call = google_call();
        io::name_source names;
        names.ask = [&](std::string const&, std::uint16_t, io::tell_answer const& tell) {
            tell(io::name_answer({*io::parse_address("127.0.0.1", google.port())}));
        };
        CHECK(outcome_of(call, {.through = proxy.rules("googleapis.com:443"), .ca_file = ca,
                                .names = names}));
        CHECK(google.connections() == 1);
    }
    SECTION("upstream.resolve") {
        auto pin = fmt::format("oauth2.googleapis.com:443=127.0.0.1:{}", google.port());
        CHECK(outcome_of(google_call(),
                         {.through = proxy.rules(), .ca_file = ca, .resolve = {pin}}));
        CHECK(google.connections() == 1);
    }
    CHECK(proxy.requests().empty());
}

TEST_CASE("a proxy that wants a password is understood", "[proxy]") {
    std::string const head = "HTTP/1.1 407 Proxy Authentication Required\r\n";
    auto open = failure_of({.answer = head + "Proxy-Authenticate: Basic realm=\"x\"\r\n\r\n"});
    CHECK(open.fault == call_fault::proxy_password);
    CHECK_THAT(open.detail, Contains("wants a user name and password"));
    auto wrong = failure_of({.answer = head + "\r\n"}, "user:canary@");
    CHECK(wrong.fault == call_fault::proxy_password);
    CHECK_THAT(wrong.detail, Contains("does not accept") && !Contains("canary"));
    auto other = failure_of({.answer = head + "Proxy-Authenticate: Negotiate\r\n\r\n"}, "u:p@");
    CHECK_THAT(other.detail, Contains("Negotiate"));
}

TEST_CASE("a proxy that refuses, babbles or hangs up is named", "[proxy]") {
    auto denied = failure_of({.answer = "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"});
    CHECK(denied.fault == call_fault::proxy_refused);
    CHECK_THAT(denied.detail, Contains("403 Forbidden"));
    auto down = failure_of({.answer = "HTTP/1.1 504 Gateway Timeout\r\n\r\n"});
    CHECK(down.fault == call_fault::proxy_failed);
    CHECK_THAT(down.detail, Contains("504 Gateway Timeout"));
    for (std::string answer : {"SSH-2.0-x\r\n\r\n", "\x15\x03\x01\n", "HTTP/1.1 200 OK\n\n"}) {
        auto garbage = failure_of({.answer = answer, .byte_by_byte = true, .hold = true});
        CHECK(garbage.fault == call_fault::proxy_failed);
        CHECK_THAT(garbage.detail, Contains("its answer is not HTTP"));
    }
    auto huge = failure_of({.answer = "HTTP/1.1 200 OK\r\nX: " + std::string(40'000, 'x')});
    CHECK_THAT(huge.detail, Contains("its answer is not HTTP"));
    CHECK_THAT(failure_of({.answer = ""}).detail, Contains("it closed the connection:") ||
                                                      Contains("it closed the connection."));
    CHECK_THAT(failure_of({.answer = "HTTP/1.1 200 OK\r\nVia"}).detail,
               Contains("amid its answer"));
}

TEST_CASE("a silent proxy costs the time to connect and no more", "[proxy]") {
    for (std::string answer : {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 100 Continue\r\n\r\n"}) {
        auto failure = failure_of({.answer = answer, .hold = true}, {}, milliseconds(100));
        CHECK(failure.fault == call_fault::proxy_failed);
        CHECK_THAT(failure.detail, Contains("in time"));
    }
}

TEST_CASE("a proxy that cannot be reached is named", "[proxy]") {
    std::uint16_t port = 0;
    {
        tunnel_proxy gone(0);
        port = gone.port();
    }
    core::google::environment closed(
        {{"https_proxy", fmt::format("http://127.0.0.1:{}", port)}});
    auto outcome = outcome_of(google_call(), {.through = core::proxy_rules::from(closed).value()});
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().fault == call_fault::proxy_failed);
    CHECK_THAT(outcome.error().detail,
               Contains("(https_proxy) cannot be reached: Connection refused."));

    io::name_source nobody;
    nobody.ask = [](std::string const&, std::uint16_t, io::tell_answer const& tell) {
        tell(std::unexpected("no such name"));
    };
    core::google::environment unknown({{"HTTPS_PROXY", "http://proxy.corp:3128"}});
    outcome = outcome_of(google_call(), {.through = core::proxy_rules::from(unknown).value(),
                                         .names = nobody});
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().fault == call_fault::proxy_failed);
    CHECK_THAT(outcome.error().detail, Contains("cannot be reached: no such name."));
}

TEST_CASE("bytes behind the proxy's answer belong to the target", "[proxy]") {
    token_origin google;
    tunnel_proxy proxy(google.port(),
                       {.answer = "HTTP/1.1 200 OK\r\n\r\nthis is no TLS record"});
    auto outcome =
        outcome_of(google_call(), {.through = proxy.rules(), .ca_file = google.ca_file()});
    REQUIRE_FALSE(outcome); // with the bytes lost it would be fine
    CHECK(outcome.error().fault == call_fault::tls_failed);
}

TEST_CASE("a proxy that inspects TLS is given away by its certificate", "[proxy]") {
    token_origin inspection;
    tunnel_proxy proxy(inspection.port());
    auto outcome = outcome_of(google_call(), {.through = proxy.rules()});
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().fault == call_fault::tls_untrusted);
    CHECK_THAT(outcome.error().detail,
               Contains("issued by 'vertex-relay simulator CA'") && Contains("--upstream-ca-file"));
    CHECK_THAT(proxy.traffic(), !Contains("canary"));
}

TEST_CASE("a certificate for another name is refused through a tunnel too", "[proxy]") {
    token_origin google;
    tunnel_proxy proxy(google.port());
    auto call = google_call();
    call.host = "oauth2.example.com";
    auto outcome = outcome_of(call, {.through = proxy.rules(), .ca_file = google.ca_file()});
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().fault == call_fault::tls_untrusted);
    CHECK_THAT(outcome.error().detail, Contains("for another name"));
}

TEST_CASE("TLS to the proxy is verified before the password is sent", "[proxy]") {
    token_origin google;
    tunnel_proxy proxy(google.port(), {.wire = wire::tls});
    core::google::environment variables({{"HTTPS_PROXY", proxy.url("user:secret@")}});
    auto outcome = outcome_of(google_call(), {.through = core::proxy_rules::from(variables).value(),
                                              .ca_file = google.ca_file()});
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().fault == call_fault::proxy_refused);
    CHECK_THAT(outcome.error().detail,
               Contains("is not secure") && Contains("issued by 'vertex-relay simulator CA'"));
    CHECK(proxy.requests().empty());
}

TEST_CASE("a proxy of the other scheme fails without hanging", "[proxy]") {
    tunnel_proxy plain(0, {.answer = "HTTP/1.1 400 Bad Request\r\n\r\n"});
    core::google::environment too_much(
        {{"HTTPS_PROXY", fmt::format("https://127.0.0.1:{}", plain.port())}});
    auto call = google_call();
    call.connect_timeout = milliseconds(300); // both wait for something that never comes
    auto outcome = outcome_of(call, {.through = core::proxy_rules::from(too_much).value()});
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().fault == call_fault::proxy_failed);

    tunnel_proxy secure(0, {.wire = wire::tls});
    core::google::environment too_little(
        {{"HTTPS_PROXY", fmt::format("http://127.0.0.1:{}", secure.port())}});
    outcome = outcome_of(call, {.through = core::proxy_rules::from(too_little).value()});
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().fault == call_fault::proxy_failed);
}

TEST_CASE("an unreadable CA file is named instead of the server", "[proxy]") {
    token_origin google;
    auto call = google_call();
    call.host = "127.0.0.1";
    call.port = google.port();
    scratch_directory files;
    auto missing = outcome_of(call, {.ca_file = files.path("missing.pem")});
    REQUIRE_FALSE(missing);
    CHECK(missing.error().fault == call_fault::tls_untrusted);
    CHECK_THAT(missing.error().detail, Contains("missing.pem' cannot be read: No such file"));
    auto empty = outcome_of(call, {.ca_file = files.write("empty.pem", "no certificate")});
    REQUIRE_FALSE(empty);
    CHECK_THAT(empty.error().detail, Contains("empty.pem' holds no PEM certificate"));
    CHECK(outcome_of(call, {.ca_file = google.ca_file()}));
}

TEST_CASE("OpenSSL's variables name the CAs as everywhere else", "[proxy]") {
    token_origin google;
    auto call = google_call();
    call.host = "127.0.0.1";
    call.port = google.port();
    auto const* before = std::getenv("SSL_CERT_FILE");
    std::string kept = before != nullptr ? before : "";
    scratch_directory files;

    ::setenv("SSL_CERT_FILE", google.ca_file().c_str(), 1);
    CHECK(outcome_of(call, {}));
    auto missing = files.path("none.pem");
    ::setenv("SSL_CERT_FILE", missing.c_str(), 1);
    auto outcome = outcome_of(call, {});
    before == nullptr ? ::unsetenv("SSL_CERT_FILE") : ::setenv("SSL_CERT_FILE", kept.c_str(), 1);
    REQUIRE_FALSE(outcome);
    CHECK_THAT(outcome.error().detail, Contains("SSL_CERT_FILE '" + missing + "' cannot be read"));
}
