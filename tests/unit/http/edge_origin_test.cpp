// Policy rows 5 to 8: Host, Origin, Sec-Fetch-Site, preflight. What keeps web pages out.

#include "core/http/authority.hpp"
#include "unit/http/edge_request.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using namespace vertex_relay::tests;

namespace {

constexpr std::string_view refused = "403 origin_not_allowed";

} // namespace

TEST_CASE("Host is a loopback name and nothing else", "[http][edge]") {
    struct row {
        std::string_view host;
        bool allowed;
    };
    auto line = GENERATE(
        row{"localhost", true}, row{"localhost:8642", true}, row{"LOCALHOST:1", true},
        row{"127.0.0.1", true}, row{"127.0.0.1:8642", true}, row{"127.1.2.3:1", true},
        row{"[::1]", true}, row{"[::1]:80", true}, row{"127.255.255.255", true},
        row{"", false}, row{" ", false}, row{"localhost:", false}, row{"localhost:x", false},
        row{"localhost:65536", false}, row{"localhost:-1", false}, row{"localhost:80:80", false},
        row{"localhost.", false}, row{"localhost.evil.com", false}, row{"xlocalhost", false},
        row{"evil.localhost", false}, row{"127.1", false}, row{"127.0.1", false},
        row{"127.0.0.1.", false}, row{"127.0.0.1.evil.com", false}, row{"127.0.0.256", false},
        row{"127.0.0.1.1", false}, row{"127.0.0.", false}, row{"127..0.1", false},
        row{"0127.0.0.1.nip.io", false}, row{"0x7f.0.0.1", false}, row{"2130706433", false},
        row{"0.0.0.0", false}, row{"0.0.0.0:8642", false}, row{"10.0.0.1", false},
        row{"128.0.0.1", false}, row{"::1", false}, row{"[::1", false}, row{"::1]", false},
        row{"[::1]x", false}, row{"[::1]:", false}, row{"[::1].evil.com", false},
        row{"[]", false}, row{"[::]", false}, row{"[::1%25lo]", false}, row{"[localhost]x", false},
        row{"[fe80::1]", false}, row{"evil.com", false}, row{"evil.com:8642", false},
        row{"evil@localhost", false}, row{"localhost@evil.com", false},
        row{"localhost:80@evil.com", false}, row{"localhost,evil.com", false},
        row{"localhost evil.com", false}, row{"localhost/evil", false}, row{"localhost#", false},
        row{"localhost%00.evil.com", false}, row{"l\xc3\xb6" "calhost", false},
        row{"\xe2\x93\x9b" "ocalhost", false}, row{"host.docker.internal", false},
        row{"null", false}, row{"*", false});
    CAPTURE(line.host);
    auto rules = default_rules();
    CHECK(verdict({.host = line.host}, rules) ==
          (line.allowed ? "ok" : "403 host_not_allowed"));
    CHECK(verdict({.target = "/livez", .host = line.host}, rules) ==
          (line.allowed ? "ok" : "403 host_not_allowed"));
    rules.any_host = true;
    CHECK(verdict({.host = line.host}, rules) == "ok");
}

TEST_CASE("a bracketed name is no address", "[http][edge]") {
    CHECK(verdict({.host = "[localhost]"}, default_rules()) == "403 host_not_allowed");
    CHECK_FALSE(parse_authority("[localhost]"));
    CHECK_FALSE(parse_authority("[127.0.0.1]"));
    CHECK(parse_authority("[::ffff:127.0.0.1]:8")->host == "::ffff:127.0.0.1");
}

TEST_CASE("a bound or listed Host passes too", "[http][edge]") {
    auto rules = default_rules();
    rules.bound_hosts.emplace_back("192.168.1.7");
    rules.allow_host = {"relay.internal", "Box", "fixed:8642"};
    CHECK(verdict({.host = "192.168.1.7:99"}, rules) == "ok");
    CHECK(verdict({.host = "relay.internal"}, rules) == "ok");
    CHECK(verdict({.host = "RELAY.internal:1"}, rules) == "ok");
    CHECK(verdict({.host = "box"}, rules) == "ok");
    CHECK(verdict({.host = "fixed:8642"}, rules) == "ok");
    CHECK(verdict({.host = "fixed:1"}, rules) == "403 host_not_allowed");
    CHECK(verdict({.host = "relay.internal.evil.com"}, rules) == "403 host_not_allowed");
    CHECK(verdict({.host = "xrelay.internal"}, rules) == "403 host_not_allowed");
    CHECK(verdict({.host = "192.168.1.70"}, rules) == "403 host_not_allowed");
}

TEST_CASE("absolute-form names a second host, checked as well", "[http][edge]") {
    auto on = [](std::string_view target, std::string_view host = "localhost") {
        return verdict({.target = target, .host = host}, default_rules());
    };
    CHECK(on("http://localhost/v1/models") == "ok");
    CHECK(on("HTTP://127.0.0.1:99/v1/models?a") == "ok");
    CHECK(on("http://evil.com/v1/models") == "403 host_not_allowed");
    CHECK(on("http://localhost@evil.com/v1/models") == "403 host_not_allowed");
    CHECK(on("http://evil.com#localhost/v1/models") == "403 host_not_allowed");
    CHECK(on("http:///v1/models") == "403 host_not_allowed");
    CHECK(on("http://localhost/v1/models", "evil.com") == "403 host_not_allowed");
    CHECK(on("http://localhost") == "404 not_found");
    CHECK(on("http://localhost?x=/v1/models") == "404 not_found");
    CHECK(on("http://localhost#/v1/models") == "404 not_found");
}

TEST_CASE("web pages are kept out, editors let in", "[http][edge]") {
    struct row {
        std::string_view origin;
        std::string_view verdict;
    };
    auto line = GENERATE(row{"null", refused}, row{"", refused}, row{"*", refused},
                         row{"http://evil.com", refused}, row{"http://localhost:3000", refused},
                         row{"http://localhost:8642", refused}, row{"https://localhost", refused},
                         row{"file://", refused}, row{"chrome-extension://abc", refused},
                         row{"http://vscode-file://x", refused}, row{"xvscode-file://x", refused},
                         row{"vscode-file:", refused}, row{"application://x", refused},
                         row{"vscode-file://vscode-app", "ok"}, row{"vscode-webview://0a1b", "ok"},
                         row{"app://obsidian.md", "ok"}, row{"tauri://localhost", "ok"});
    CAPTURE(line.origin);
    auto rules = default_rules();
    CHECK(verdict({.fields = {{"Origin", line.origin}}}, rules) == line.verdict);
    CHECK(verdict({.target = "/livez", .fields = {{"oRiGiN", line.origin}}}, rules) ==
          line.verdict);
    CHECK(verdict({.method = "OPTIONS", .fields = {{"Origin", line.origin}}}, rules) ==
          line.verdict);
}

TEST_CASE("a listed origin passes exactly", "[http][edge]") {
    auto rules = default_rules();
    rules.allow_origin = {"https://app.example:1", "null", "*"};
    auto on = [&](std::vector<header_field> fields) {
        return verdict({.fields = std::move(fields)}, rules);
    };
    CHECK(on({{"Origin", "https://app.example:1"}}) == "ok");
    CHECK(on({{"Origin", "https://app.example:1"}, {"Sec-Fetch-Site", "cross-site"}}) == "ok");
    CHECK(on({{"Origin", "https://app.example:12"}}) == "403 origin_not_allowed");
    CHECK(on({{"Origin", "https://app.example"}}) == "403 origin_not_allowed");
    CHECK(on({{"Origin", "http://app.example:1"}}) == "403 origin_not_allowed");
    CHECK(on({{"Origin", "https://app.example:1/"}}) == "403 origin_not_allowed");
    CHECK(on({{"Origin", "https://app.example:1, https://evil.com"}}) == "403 origin_not_allowed");
    CHECK(on({{"Origin", "https://app.example:1"}, {"Origin", "https://app.example:1"}}) ==
          "403 origin_not_allowed");
    CHECK(on({{"Origin", "https://app.example:1"}, {"Origin", "https://evil.com"}}) ==
          "403 origin_not_allowed");
    CHECK(on({{"Origin", "null"}}) == "403 origin_not_allowed"); // not even when listed
    CHECK(on({{"Origin", "*"}}) == "403 origin_not_allowed");
    CHECK(on({{"Origin", "https://any.example"}}) == "403 origin_not_allowed"); // `*` needs a key
}

TEST_CASE("any origin may come when a key is needed", "[http][edge]") {
    auto rules = default_rules();
    rules.allow_origin = {"*"};
    rules.api_key = std::make_shared<secret const>(std::string("key-1"));
    auto head = head_of({.fields = {{"Origin", "https://any.example"},
                                    {"Authorization", "Bearer key-1"}}});
    CHECK(verdict_of(head, rules) == "ok");
    CHECK(admit(head, rules)->cors_origin == "https://any.example");
    CHECK(verdict({.fields = {{"Origin", "https://any.example"}}}, rules) ==
          "401 invalid_api_key");
    CHECK(verdict({.fields = {{"Origin", "a"}, {"Origin", "b"}}}, rules) ==
          "403 origin_not_allowed");
}

TEST_CASE("no setting is advised that would not let two origins in", "[http][edge]") {
    auto two = head_of({.fields = {{"Origin", "app://x"}, {"Origin", "app://x"}}});
    CHECK_THAT(admit(two, default_rules()).error().message, !Catch::Contains("--access"));
}

TEST_CASE("a request of another site without an origin is refused", "[http][edge]") {
    auto on = [](std::string_view site) {
        return verdict({.fields = {{"Sec-Fetch-Site", site}}}, default_rules());
    };
    CHECK(on("none") == "ok");
    CHECK(on("same-origin") == "ok");
    CHECK(on("cross-site") == "403 cross_site_request");
    CHECK(on("same-site") == "403 cross_site_request");
    CHECK(on("Cross-Site") == "403 cross_site_request");
    CHECK(on("") == "403 cross_site_request");
    CHECK(on("none, cross-site") == "403 cross_site_request");
    CHECK(verdict({.fields = {{"Sec-Fetch-Site", "none"}, {"Sec-Fetch-Site", "cross-site"}}},
                  default_rules()) == "403 cross_site_request");
}

TEST_CASE("a preflight is granted to allowed origins only", "[http][edge]") {
    auto rules = default_rules();
    rules.allow_origin = {"https://app.example"};
    rules.api_key = std::make_shared<secret const>(std::string("key-1"));
    auto granted = admit(head_of({.method = "OPTIONS",
                                  .target = "/v1/chat/completions",
                                  .fields = {{"Origin", "https://app.example"},
                                             {"Access-Control-Request-Method", "POST"}}}),
                         rules);
    REQUIRE(granted); // a preflight carries no key
    CHECK(granted->preflight);
    CHECK(granted->cors_origin == "https://app.example");
    CHECK(verdict({.method = "OPTIONS", .fields = {{"Origin", "https://evil.com"}}}, rules) ==
          "403 origin_not_allowed");
    CHECK(verdict({.method = "OPTIONS", .host = "evil.com",
                   .fields = {{"Origin", "https://app.example"}}},
                  rules) == "403 host_not_allowed");
    rules.api_key = nullptr;
    CHECK(verdict({.method = "OPTIONS"}, rules) == "405 method_not_allowed");
    CHECK_FALSE(admit(head_of({.fields = {{"Origin", "https://app.example"}}}), rules)->preflight);
}

TEST_CASE("a refusal says what was seen and what relaxes it", "[http][edge]") {
    auto rules = default_rules();
    auto host = admit(head_of({.host = "evil.com:80"}), rules).error();
    CHECK_THAT(host.message, Catch::Contains("evil.com:80") && Catch::Contains("allow-host"));
    CHECK(host.retry == retry_advice::never);
    auto origin = admit(head_of({.fields = {{"Origin", "https://e.example"}}}), rules).error();
    CHECK_THAT(origin.message,
               Catch::Contains("https://e.example") && Catch::Contains("allow-origin"));
    std::string long_host(5000, 'h');
    CHECK(admit(head_of({.host = long_host}), rules).error().message.size() < 1000);
}
