#include "core/egress/proxy_rules.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using google::environment;

namespace {

proxy_rules rules(environment::variables variables) {
    auto made = proxy_rules::from(environment(std::move(variables)));
    INFO((made ? std::string() : made.error()));
    REQUIRE(made);
    return std::move(*made);
}

/// The address of the proxy for that host, or nothing.
std::string proxy_of(proxy_rules const& rules, std::string_view host, std::uint16_t port = 443) {
    auto const* found = rules.proxy_for(host, port);
    return found != nullptr ? found->address() : std::string();
}

} // namespace

TEST_CASE("the proxy is named by the first variable that is set", "[egress][proxy_rules]") {
    auto chosen = [](environment::variables variables) {
        return proxy_of(rules(std::move(variables)), "aiplatform.googleapis.com");
    };
    CHECK(chosen({}).empty());
    CHECK(chosen({{"HTTP_PROXY", "http://no"}, {"http_proxy", "http://no"}}).empty());
    CHECK(chosen({{"HTTPS_PROXY", "http://a"}}) == "http://a:80");
    CHECK(chosen({{"https_proxy", "http://b"}}) == "http://b:80");
    CHECK(chosen({{"ALL_PROXY", "http://c"}}) == "http://c:80");
    CHECK(chosen({{"all_proxy", "http://d"}}) == "http://d:80");
    CHECK(chosen({{"all_proxy", "http://d"}, {"ALL_PROXY", "http://c"}}) == "http://c:80");
    CHECK(chosen({{"ALL_PROXY", "http://c"}, {"https_proxy", "http://b"}}) == "http://b:80");
    CHECK(chosen({{"https_proxy", "http://b"}, {"HTTPS_PROXY", "http://a"}}) == "http://a:80");
    CHECK(chosen({{"https_proxy", "http://b"}, {"HTTPS_PROXY", ""}}) == "http://b:80");
    CHECK(chosen({{"HTTPS_PROXY", " http://a "}}) == "http://a:80");
}

TEST_CASE("NO_PROXY excepts hosts", "[egress][proxy_rules]") {
    auto some = rules({{"HTTPS_PROXY", "http://a"}, {"NO_PROXY", "corp.example,10.0.0.0/8"}});
    CHECK(proxy_of(some, "vertex.corp.example").empty());
    CHECK(proxy_of(some, "10.1.2.3").empty());
    CHECK(proxy_of(some, "oauth2.googleapis.com") == "http://a:80");
    auto lower = rules({{"HTTPS_PROXY", "http://a"}, {"no_proxy", "googleapis.com"}});
    CHECK(proxy_of(lower, "oauth2.googleapis.com").empty());
    auto both = rules({{"HTTPS_PROXY", "http://a"},
                       {"NO_PROXY", "corp.example"},
                       {"no_proxy", "googleapis.com"}});
    CHECK(proxy_of(both, "oauth2.googleapis.com") == "http://a:80");
}

TEST_CASE("what is near is never reached through a proxy", "[egress][proxy_rules]") {
    auto all = rules({{"HTTPS_PROXY", "http://a"}});
    for (auto const* host :
         {"localhost", "LocalHost", "sim.localhost", "127.0.0.1", "127.9.9.9", "::1",
          "::ffff:127.0.0.1", "169.254.169.254", "fe80::1", "::ffff:169.254.169.254"}) {
        INFO(host);
        CHECK(proxy_of(all, host).empty());
    }
    for (auto const* host : {"localhost.example", "notlocalhost", "10.0.0.1", "8.8.8.8",
                             "2001:db8::1", "127.0.0.1.example"}) {
        INFO(host);
        CHECK_FALSE(proxy_of(all, host).empty());
    }
}

TEST_CASE("a broken proxy variable is an error, unless no proxy is wanted",
          "[egress][proxy_rules]") {
    environment broken({{"HTTPS_PROXY", "socks5://user:canary@proxy"}});
    auto made = proxy_rules::from(broken);
    REQUIRE_FALSE(made);
    CHECK_THAT(made.error(), Catch::Contains("HTTPS_PROXY") && !Catch::Contains("canary"));
    auto without = rules({{"HTTPS_PROXY", "socks5://proxy"}, {"NO_PROXY", "*"}});
    CHECK(proxy_of(without, "oauth2.googleapis.com").empty());
}

TEST_CASE("the log says which proxy is used and for what not", "[egress][proxy_rules]") {
    CHECK(rules({}).text().empty());
    CHECK(rules({{"NO_PROXY", "a"}}).text().empty());
    CHECK(rules({{"HTTPS_PROXY", "http://user:canary@a:3128"}}).text() ==
          "connecting through the proxy http://a:3128 (HTTPS_PROXY)");
    CHECK(rules({{"https_proxy", "a:3128"}, {"no_proxy", ".corp,\n10.0.0.0/8"}}).text() ==
          "connecting through the proxy http://a:3128 (https_proxy), except for "
          "NO_PROXY=.corp, 10.0.0.0/8");
}
