// A whole relay whose only way out is a proxy.

#include "net/relay_rig.hpp"
#include "net/relay_shape.hpp"
#include "net/tunnel_proxy.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <random>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;
using Catch::Contains;
using Catch::StartsWith;
using wire = scripted_origin::wire;

std::string contents(std::filesystem::path const& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Google's names everywhere: nothing but the proxy can find them.
class proxied_rig {
public:
    explicit proxied_rig(proxy_behaviour behaviour = {}, std::string const& no_proxy = {})
        : proxy(vertex_port_of(), std::move(behaviour)) {
        auto adjust = [this](core::config& settings, simulator::instance const&) {
            settings.upstream.endpoint.clear();
            settings.upstream.ca_file = files.write("ca.pem", contents(vertex->ca_file()) +
                                                                  proxy.ca_pem());
            settings.google.credentials = files.write("user.json", google_file());
        };
        relay =
            std::make_unique<relay_rig>(adjust, simulator::options{}, proxy.variables(no_proxy));
    }

    /// The simulator's credential file with Google's own token server in it.
    std::string google_file() const {
        auto text = contents(vertex->credentials_file());
        auto near = fmt::format("https://127.0.0.1:{}", vertex->port());
        return text.replace(text.find(near), near.size(), "https://oauth2.googleapis.com");
    }

    scratch_directory files;
    std::unique_ptr<simulator::instance> vertex;
    tunnel_proxy proxy;
    std::unique_ptr<relay_rig> relay; ///< its own simulator stays unused

private:
    std::uint16_t vertex_port_of() {
        vertex = std::move(simulator::instance::start({}).value());
        return vertex->port();
    }
};

/// The value of a JSON member, found the simple way.
std::string member(std::string const& text, std::string const& name) {
    auto at = text.find('"' + name + "\": \"") + name.size() + 5;
    return text.substr(at, text.find('"', at) - at);
}

std::string secret_chat(bool stream) {
    auto body = fmt::format(R"({{"model":"google/gemini-3.5-flash","stream":{},"messages":[)"
                            R"({{"role":"user","content":"canary-prompt"}}]}})",
                            stream);
    return post_chat(body, "Authorization: Bearer canary-client-key\r\n");
}

} // namespace

TEST_CASE("requests and tokens pass the proxy unseen", "[proxy]") {
    for (auto kind : {wire::plain, wire::tls}) {
        proxied_rig rig({.wire = kind});
        auto client = rig.relay->connect();
        auto whole = client.ask(secret_chat(false));
        INFO(whole.body);
        CHECK(whole.status == 200);
        auto streamed = client.ask(secret_chat(true));
        CHECK(streamed.complete);
        CHECK(stream_of(streamed.body).done);

        auto requests = rig.proxy.requests();
        REQUIRE(requests.size() == 2); // the second chat went the first one's way
        CHECK_THAT(requests[0], StartsWith("CONNECT oauth2.googleapis.com:443 HTTP/1.1\r\n"));
        CHECK_THAT(requests[1], StartsWith("CONNECT aiplatform.googleapis.com:443 HTTP/1.1\r\n"));

        auto file = rig.google_file();
        auto all = rig.proxy.traffic() + requests[0] + requests[1];
        CHECK(all.size() > 4000);
        for (std::string const& canary :
             {std::string("canary-prompt"), std::string("canary-client-key"),
              member(file, "refresh_token"), member(file, "client_secret"),
              std::string("ya29."), std::string("Bearer"), std::string("Authorization")}) {
            INFO(canary);
            REQUIRE(canary.size() > 4);
            CHECK(all.find(canary) == std::string::npos);
        }
        CHECK(rig.vertex->seen().token_grants == 1);
        CHECK(rig.relay->seen().connections == 0);
    }
}

TEST_CASE("many requests at once share what the proxy opened", "[proxy]") {
    proxied_rig rig({.wire = wire::tls});
    std::vector<relay_client> clients;
    for (int i = 0; i < 8; ++i) {
        clients.push_back(rig.relay->connect());
        REQUIRE(clients.back().send(secret_chat(true)));
    }
    for (auto& client : clients) {
        CHECK(stream_of(client.read().body).done);
    }
    REQUIRE(eventually([&] { return rig.relay->idle_upstream() > 0; }));
    auto opened = rig.proxy.requests().size();
    CHECK(opened <= 9);
    CHECK(rig.relay->ask(secret_chat(false)).status == 200);
    CHECK(rig.proxy.requests().size() == opened);
    clients.clear();
    CHECK(rig.relay->settles());
}

namespace {

/// A relay behind a proxy in front of an origin that answers each body with itself.
class echoing_rig {
public:
    explicit echoing_rig(wire kind) : proxy(origin_.port(), {.wire = kind}) {
        auto adjust = [this](core::config& settings, simulator::instance const& vertex) {
            settings.upstream.endpoint.clear();
            settings.upstream.ca_file = files_.write(
                "ca.pem", contents(vertex.ca_file()) + origin_.ca_pem() + proxy.ca_pem());
        };
        relay = std::make_unique<relay_rig>(adjust, simulator::options{}, proxy.variables());
    }

private:
    static void serve(origin_line& line) {
        while (auto request = line.read()) {
            line.send(json_answer(request->body));
        }
    }
    scratch_directory files_;
    scripted_origin origin_{serve};

public:
    tunnel_proxy proxy;
    std::unique_ptr<relay_rig> relay;
};

} // namespace

TEST_CASE("large bodies pass a tunnel unchanged in both directions", "[proxy]") {
    std::minstd_rand random(7);
    for (auto kind : {wire::plain, wire::tls}) {
        echoing_rig rig(kind);
        auto client = rig.relay->connect();
        for (std::size_t size : {1U, 16'384U, 65'536U, 65'537U, 1'000'000U, 5'000'000U}) {
            std::string text(size, 'x');
            for (auto& c : text) {
                c = static_cast<char>('a' + random() % 26);
            }
            auto body = fmt::format(R"({{"model":"google/gemini-3.5-flash","messages":[)"
                                    R"({{"role":"user","content":"{}"}}]}})",
                                    text);
            auto answer = client.ask(post_chat(body));
            INFO(size << ": " << answer.head);
            REQUIRE(answer.status == 200);
            bool same = answer.body == body;
            CHECK(same);
        }
        CHECK(rig.proxy.requests().size() == 1);
    }
}

TEST_CASE("a proxy that goes away is noticed in the pool", "[proxy]") {
    for (auto kind : {wire::plain, wire::tls}) {
        echoing_rig rig(kind);
        CHECK(rig.relay->ask(secret_chat(false)).status == 200);
        REQUIRE(eventually([&] { return rig.relay->idle_upstream() == 1; }));
        rig.relay->on_worker([](io::worker& at) { at.current()->upstream->pool.sweep(); });
        CHECK(rig.relay->idle_upstream() == 1);
        rig.proxy.break_tunnels();
        CHECK(eventually([&] {
            rig.relay->on_worker([](io::worker& at) { at.current()->upstream->pool.sweep(); });
            return rig.relay->idle_upstream() == 0;
        }));
        CHECK(rig.relay->ask(secret_chat(false)).status == 200);
        CHECK(rig.proxy.requests().size() == 2);
    }
}

TEST_CASE("a client learns which proxy failed and how", "[proxy]") {
    struct row {
        proxy_behaviour behaviour;
        char const* code;
        char const* words;
    };
    std::vector<row> const rows = {
        {{.answer = "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\n\r\n"},
         "upstream_proxy_auth", "wants a user name and password"},
        {{.answer = "HTTP/1.1 403 Forbidden\r\n\r\n"}, "upstream_proxy_refused", "403 Forbidden"},
        {{.answer = "hello\r\n\r\n"}, "upstream_proxy_failed", "not HTTP"},
        {{.answer = ""}, "upstream_proxy_failed", "closed the connection"},
        {{.answer = "", .hold = true}, "upstream_proxy_timeout", "in time"},
    };
    for (auto const& one : rows) {
        tunnel_proxy proxy(0, one.behaviour);
        relay_rig relay( // tokens from near, Vertex AI from afar
            [](core::config& settings, simulator::instance const&) {
                settings.upstream.endpoint.clear();
                settings.upstream.connect_timeout_ms = core::milliseconds(300);
            },
            {}, proxy.variables());
        auto answer = relay.ask(chat("google/gemini-3.5-flash", true));
        INFO(answer.body);
        CHECK(answer.status == 502);
        auto problem = problem_of(answer.body);
        REQUIRE(problem);
        CHECK(problem->code == one.code);
        CHECK_THAT(answer.body, Contains(one.words) && Contains(proxy.url() + " (HTTPS_PROXY)"));
        CHECK(relay.settles());
    }
}

TEST_CASE("an inspecting proxy is named to the client", "[proxy]") {
    scripted_origin inspection([](origin_line&) {});
    tunnel_proxy inspecting(inspection.port());
    relay_rig relay(
        [](core::config& settings, simulator::instance const&) {
            settings.upstream.endpoint.clear();
        },
        {}, inspecting.variables());
    auto answer = relay.ask(chat("google/gemini-3.5-flash", true));
    CHECK(answer.status == 502);
    CHECK(answer.field("x-should-retry") == "false");
    CHECK_THAT(answer.body, Contains("upstream_tls_failed") &&
                                Contains("issued by 'vertex-relay simulator CA'") &&
                                Contains("--upstream-ca-file FILE"));
}
