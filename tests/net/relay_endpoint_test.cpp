// The dedicated host of an own endpoint: asked for once, checked, remembered.

#include "net/relay_rig.hpp"
#include "net/relay_shape.hpp"
#include "net/scripted_origin.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;

constexpr std::string_view shared_host = "us-central1-aiplatform.googleapis.com";
constexpr std::string_view dedicated_host =
    "9101.us-central1-123456789012.prediction.vertexai.goog";

/// Real host names, answered by the server at `port`; nothing else of `upstream` is overridden.
void answer_at(core::config& settings, std::uint16_t port,
               std::vector<std::string_view> const& hosts) {
    settings.upstream.endpoint.clear();
    for (auto host : hosts) {
        settings.upstream.resolve.push_back(fmt::format("{}:443=127.0.0.1:{}", host, port));
    }
    settings.models = {{.name = "own", .endpoint = "9101", .location = "us-central1"},
                       {.name = "plain", .endpoint = "1001", .location = "us-central1"},
                       {.name = "psc", .endpoint = "9101", .location = "us-central1",
                        .host = "psc.internal", .tls_name = std::string(dedicated_host)}};
}

relay_rig::adjustment in_front_of_simulator() {
    return [](core::config& settings, simulator::instance const& vertex) {
        answer_at(settings, vertex.port(), {shared_host, dedicated_host, "psc.internal"});
    };
}

/// Answers lookups with what the test says and remembers who was asked for chats.
class endpoint_origin {
public:
    void stand_in(core::config& settings) const {
        origin_.stand_in(settings);
        answer_at(settings, origin_.port(), {shared_host, dedicated_host, "evil.example"});
    }
    void say(std::string lookup_answer) {
        std::scoped_lock lock(mutex_);
        lookup_answer_ = std::move(lookup_answer);
    }
    std::string chat_host() const {
        std::scoped_lock lock(mutex_);
        return chat_host_;
    }
    std::size_t lookups() const { return lookups_; }

private:
    void serve(origin_line& line) {
        while (auto request = line.read()) {
            std::scoped_lock lock(mutex_);
            if (request->head.starts_with("GET ")) {
                ++lookups_;
                line.send(lookup_answer_);
                continue;
            }
            auto host = request->head.substr(request->head.find("Host: ") + 6);
            chat_host_ = host.substr(0, host.find('\r'));
            line.send(json_answer("{}"));
        }
    }

    mutable std::mutex mutex_;
    std::string lookup_answer_;
    std::string chat_host_;
    std::atomic<std::size_t> lookups_ = 0;
    scripted_origin origin_{[this](origin_line& line) { serve(line); }};
};

std::string resource(std::string_view dns, bool enabled = true) {
    return json_answer(fmt::format(R"({{"name":"projects/1/locations/us-central1/endpoints/9101",)"
                                   R"("dedicatedEndpointEnabled":{},"dedicatedEndpointDns":"{}"}})",
                                   enabled, dns));
}

std::string google_error(int status, std::string_view name) {
    auto body = fmt::format(R"({{"error":{{"code":{},"message":"no","status":"{}"}}}})", status, name);
    return fmt::format("HTTP/1.1 {} No\r\nContent-Type: application/json\r\n"
                       "Content-Length: {}\r\n\r\n{}",
                       status, body.size(), body);
}

struct endpoint_rig {
    explicit endpoint_rig(std::string lookup_answer)
        : relay([&](core::config& settings, auto const&) {
              settings.log.access = true;
              origin.stand_in(settings);
          }) {
        origin.say(std::move(lookup_answer));
    }
    http_answer ask() { return relay.ask(chat("own", false)); }

    endpoint_origin origin;
    relay_rig relay;
};

} // namespace

TEST_CASE("a dedicated host is looked up once", "[relay][endpoint]") {
    relay_rig rig(in_front_of_simulator());
    std::vector<relay_client> clients;
    for (int i = 0; i < 20; ++i) { // all before the first lookup is answered
        clients.push_back(rig.connect());
        REQUIRE(clients.back().send(chat("own", i % 2 == 0)));
    }
    for (auto& client : clients) {
        auto answer = client.read();
        INFO(answer.body);
        CHECK(answer.status == 200);
    }
    CHECK(rig.seen().dedicated_lookups == 1);
    CHECK(rig.ask(chat("own", true)).status == 200);
    CHECK(rig.seen().dedicated_lookups == 1);
    CHECK(rig.seen().last_chat_head.find(fmt::format("Host: {}\r\n", dedicated_host)) !=
          std::string::npos);
}

TEST_CASE("an endpoint without a dedicated host is served by the shared one", "[relay][endpoint]") {
    relay_rig rig(in_front_of_simulator());
    for (int i = 0; i < 3; ++i) {
        CHECK(rig.ask(chat("plain", false)).status == 200);
    }
    CHECK(rig.seen().dedicated_lookups == 1);
}

TEST_CASE("a configured host is not looked up", "[relay][endpoint]") {
    relay_rig rig(in_front_of_simulator());
    auto answer = rig.ask(chat("psc", false));
    INFO(answer.body);
    CHECK(rig.seen().dedicated_lookups == 0);
    CHECK(rig.seen().last_chat_head.find("Host: psc.internal\r\n") != std::string::npos);
}

TEST_CASE("only a name of the endpoint itself is believed", "[relay][endpoint]") {
    for (std::string dns :
         {"evil.example", "9102.us-central1-123456789012.prediction.vertexai.goog",
          "9101.us-east1-123456789012.prediction.vertexai.goog",
          "9101.us-central1-123456789012.prediction.vertexai.goog.evil.example",
          "evil.example/9101.us-central1-123456789012.prediction.vertexai.goog",
          "9101.us-central1-123456789012.prediction.vertexai.goog:8443",
          "user@9101.us-central1-123456789012.prediction.vertexai.goog",
          "x9101.us-central1-123456789012.prediction.vertexai.goog",
          "9101.us-central1-.prediction.vertexai.goog", ""}) {
        endpoint_rig rig(resource(dns));
        CAPTURE(dns);
        CHECK(rig.ask().status == 200);
        CHECK(rig.origin.chat_host() == shared_host);
    }
    endpoint_rig rig(resource("https://" + std::string(dedicated_host) + "/"));
    CHECK(rig.ask().status == 200);
    CHECK(rig.origin.chat_host() == dedicated_host);
    endpoint_rig disabled(resource(dedicated_host, false));
    CHECK(disabled.ask().status == 200);
    CHECK(disabled.origin.chat_host() == shared_host);
}

TEST_CASE("a lookup that is not allowed leaves the shared host", "[relay][endpoint]") {
    for (auto const& answer : {google_error(403, "PERMISSION_DENIED"),
                               google_error(404, "NOT_FOUND"), json_answer("not JSON"),
                               json_answer("[]")}) {
        endpoint_rig rig(answer);
        INFO(answer);
        CHECK(rig.ask().status == 200);
        CHECK(rig.ask().status == 200);
        CHECK(rig.origin.chat_host() == shared_host);
        CHECK(rig.origin.lookups() == 1);
    }
}

TEST_CASE("a lookup that fails is told and tried again", "[relay][endpoint]") {
    struct failing {
        std::string answer;
        int status;
        std::string code;
    };
    for (auto const& one :
         {failing{google_error(429, "RESOURCE_EXHAUSTED"), 503, "endpoint_lookup_failed"},
          failing{google_error(500, "INTERNAL"), 503, "endpoint_lookup_failed"},
          failing{google_error(503, "UNAVAILABLE"), 503, "endpoint_lookup_failed"},
          failing{"HTTP/1.1 200 OK\r\nContent-Length: 1 \x01\r\n\r\n", 502,
                  "upstream_protocol_error"}}) {
        endpoint_rig rig(one.answer);
        INFO(one.answer);
        auto answer = rig.ask();
        CHECK(answer.status == one.status);
        CHECK(problem_of(answer.body)->code == one.code);
        CHECK(rig.origin.chat_host().empty());
        rig.origin.say(resource(dedicated_host));
        CHECK(rig.ask().status == 200);
        CHECK(rig.origin.chat_host() == dedicated_host);
        CHECK(rig.relay.settles());
    }
}

TEST_CASE("a revoked token does not decide the host", "[relay][endpoint]") {
    relay_rig rig(in_front_of_simulator());
    REQUIRE(rig.ask(chat("plain", false)).status == 200); // the token is there
    rig.vertex->revoke_tokens();
    CHECK(rig.ask(chat("own", false)).status == 200);
    CHECK(rig.ask(chat("own", true)).status == 200);
    CHECK(rig.seen().last_chat_head.find(fmt::format("Host: {}\r\n", dedicated_host)) !=
          std::string::npos);
}
