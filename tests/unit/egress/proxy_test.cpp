#include "core/egress/proxy.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;

namespace {

proxy parsed(std::string_view url) {
    auto made = parse_proxy(url, "HTTPS_PROXY");
    INFO(url << (made ? "" : ": " + made.error()));
    REQUIRE(made);
    return std::move(*made);
}

std::string complaint(std::string_view url) {
    auto made = parse_proxy(url, "HTTPS_PROXY");
    INFO(url);
    REQUIRE_FALSE(made);
    return made.error();
}

} // namespace

TEST_CASE("a proxy's address is read in every usual form", "[egress][proxy]") {
    CHECK(parsed("http://proxy.corp:3128").address() == "http://proxy.corp:3128");
    CHECK(parsed("http://proxy.corp:3128/").address() == "http://proxy.corp:3128");
    CHECK(parsed("http://proxy.corp:3128/some/path?x#y").address() == "http://proxy.corp:3128");
    CHECK(parsed("HTTP://Proxy.Corp").address() == "http://proxy.corp:80");
    CHECK(parsed("https://proxy.corp").address() == "https://proxy.corp:443");
    CHECK(parsed("https://proxy.corp:8443").tls);
    CHECK_FALSE(parsed("proxy.corp:3128").tls);
    CHECK(parsed("proxy.corp:3128").address() == "http://proxy.corp:3128");
    CHECK(parsed("proxy_1").address() == "http://proxy_1:80"); // a container's name
    CHECK(parsed("http://10.1.2.3:8080").address() == "http://10.1.2.3:8080");
    CHECK(parsed("http://[2001:DB8::1]:8080").host == "2001:db8::1");
    CHECK(parsed("http://[2001:db8::1]:8080").address() == "http://[2001:db8::1]:8080");
    CHECK(parsed("http://proxy.corp:3128").text() ==
          "the proxy http://proxy.corp:3128 (HTTPS_PROXY)");
}

TEST_CASE("user and password become a Basic credential", "[egress][proxy]") {
    auto credentials = [](std::string_view url) {
        return std::string(parsed(url).credentials.reveal());
    };
    CHECK(credentials("http://proxy:80").empty());
    CHECK(credentials("http://@proxy:80").empty());
    // RFC 7617 section 2
    CHECK(credentials("http://Aladdin:open%20sesame@proxy:80") ==
          "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    CHECK(credentials("Aladdin:open%20sesame@proxy:80") == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    CHECK(credentials("http://u:p@proxy") == "Basic dTpw");
    CHECK(credentials("http://u:%70@proxy") == "Basic dTpw");
    CHECK(credentials("http://u@proxy") == "Basic dTo=");
    CHECK(credentials("http://:p@proxy") == "Basic OnA=");
    CHECK(credentials("http://u:a:b@proxy") == "Basic dTphOmI=");        // a:b
    CHECK(credentials("http://u:p@ss@proxy") == "Basic dTpwQHNz");       // p@ss
    CHECK(credentials("http://u:%2F%3f%23%40@proxy") == "Basic dTovPyNA"); // /?#@
    CHECK(credentials("http://u:%C3%A9@proxy") == "Basic dTrDqQ==");
}

TEST_CASE("no message about a proxy shows its password", "[egress][proxy]") {
    auto proxy = parsed("https://user-canary:pass-canary@proxy.corp:3128");
    CHECK_THAT(proxy.address() + proxy.text(), !Catch::Contains("canary"));
    for (auto const* url :
         {"http://user-canary:pass-canary%zz@proxy", "http://user-canary:pass-canary@:99999",
          "http://user-canary:pass-canary#x@proxy", "socks5://user-canary:pass-canary@proxy",
          "user-canary:pass-canary/@proxy", "ftp://user-canary:pass-canary@proxy"}) {
        CHECK_THAT(complaint(url), !Catch::Contains("canary") && Catch::Contains("HTTPS_PROXY"));
    }
}

TEST_CASE("what is no proxy is refused with the reason", "[egress][proxy]") {
    using Catch::Contains;
    for (auto const* url : {"http://", "http://:3128", "http://proxy:0", "http://proxy:65536",
                            "http://proxy:x", "http://pro xy", "http://[::1", "://proxy",
                            "http:proxy", "ftp://proxy", "http://pröxy:80"}) {
        CHECK_THAT(complaint(url), Contains("is not the address of an HTTP proxy") &&
                                       Contains("NO_PROXY=*"));
    }
    CHECK_THAT(complaint("socks5h://proxy:1080"), Contains("SOCKS"));
    CHECK_THAT(complaint("SOCKS4://proxy:1080"), Contains("SOCKS"));
    CHECK_THAT(complaint("http://u:p/q@proxy"), Contains("%2F"));
    CHECK_THAT(complaint("http://u:p#q@proxy"), Contains("%23"));
    for (auto const* url : {"http://u:%@proxy", "http://u:%4@proxy", "http://u:%4g@proxy",
                            "http://u:%0d%0a@proxy", "http://u:%00@proxy", "http://a%3ab:p@proxy",
                            "http://u:\r\nX: y@proxy"}) {
        CHECK_THAT(complaint(url), Contains("stray %"));
    }
}
