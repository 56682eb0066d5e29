#include "core/google/token_address.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using namespace vertex_relay::core::google;

TEST_CASE("Google's own token servers are allowed", "[google][token_address]") {
    auto url = GENERATE(as<std::string>{}, "https://oauth2.googleapis.com/token",
                        "https://OAuth2.GoogleApis.com/token", "https://oauth2.googleapis.com:443/",
                        "https://sts.googleapis.com", "https://sts.googleapis.com/v1/token",
                        "https://us-east-1.sts.googleapis.com",
                        "https://sts.us-east-1.googleapis.com",
                        "https://us-east-1-sts.googleapis.com",
                        "https://sts-xyz123.p.googleapis.com",
                        "https://sts.mtls.googleapis.com/v1/token",
                        "https://iamcredentials.googleapis.com/v1/x",
                        "https://iamcredentials.mtls.googleapis.com",
                        "https://us-west1-iamcredentials.googleapis.com?x=y");
    CAPTURE(url);
    CHECK(parse_token_address(url, "token_uri", {}));
}

TEST_CASE("every other address is refused", "[google][token_address]") {
    auto url = GENERATE(
        as<std::string>{}, "", "token", "/token", "oauth2.googleapis.com/token", "https://",
        "http://oauth2.googleapis.com/token", "ftp://oauth2.googleapis.com/token",
        "https://oauth2.googleapis.com:8443/token", "https://oauth2.googleapis.com:0/",
        "https://oauth2.googleapis.com:99999/", "https://oauth2.googleapis.com:/token",
        "https://user@oauth2.googleapis.com/token", "https://u:p@oauth2.googleapis.com/token",
        "https://oauth2.googleapis.com/token#x", "https://oauth2.googleapis.com\\@evil.org/",
        "https://evil.org\\.googleapis.com/", "https://oauth2.googleapis.com /token",
        " https://oauth2.googleapis.com/token", "https://oauth2.googleapis.com/to\nken",
        "https://oauth2.googleapis.com.evil.org/token", "https://evil.org/oauth2.googleapis.com",
        "https://evil.org?oauth2.googleapis.com", "https://oauth2.googleapis.com./token",
        "https://oauth2-googleapis.com", "https://xoauth2.googleapis.com/token",
        "https://a.oauth2.googleapis.com/token", "https://storage.googleapis.com/token",
        "https://googleapis.com/token", "https://.googleapis.com/",
        "https://a.b.sts.googleapis.com",
        "https://us-.sts.googleapis.com", "https://-sts.googleapis.com",
        "https://us_east.sts.googleapis.com", "https://us%2Fsts.googleapis.com",
        "https://us\xC3\xA4.sts.googleapis.com", "https://sts-.p.googleapis.com",
        "https://sts.p.googleapis.com.", "https://sts.a.p.googleapis.com",
        "https://127.0.0.1:8080/token", "http://127.0.0.1:8080/token", "https://[::1]/token",
        "https://oauth2.example.com/token", "https:///token", "https://:443/token");
    CAPTURE(url);
    auto address = parse_token_address(url, "FILE: token_uri", {});
    REQUIRE_FALSE(address);
    CHECK(address.error().code == "google_credentials_token_host_refused");
    CHECK(address.error().status == 400);
    CHECK(address.error().retry == retry_advice::never);
    CHECK(address.error().message.find("FILE: token_uri") == 0);
}

TEST_CASE("an address is split into what a call needs", "[google][token_address]") {
    auto plain = parse_token_address("https://OAuth2.googleapis.com/token", "x", {});
    REQUIRE(plain);
    CHECK(plain->scheme == "https");
    CHECK(plain->host == "oauth2.googleapis.com");
    CHECK(plain->port == 443);
    CHECK(plain->target == "/token");
    CHECK(plain->text == "https://OAuth2.googleapis.com/token");

    credential_rules any{.allow_any_token_host = true};
    auto v6 = parse_token_address("http://[::1]:8080?a=b", "x", any);
    REQUIRE(v6);
    CHECK(v6->scheme == "http");
    CHECK(v6->host == "::1");
    CHECK(v6->port == 8080);
    CHECK(v6->target == "/?a=b");
    auto bare = parse_token_address("http://localhost", "x", any);
    REQUIRE(bare);
    CHECK(bare->port == 80);
    CHECK(bare->target == "/");
}

TEST_CASE("the operator may allow any https host and loopback http", "[google][token_address]") {
    credential_rules any{.allow_any_token_host = true};
    CHECK(parse_token_address("https://127.0.0.1:4711/token", "x", any));
    CHECK(parse_token_address("http://127.9.9.9:4711/token", "x", any));
    CHECK(parse_token_address("https://tokens.example.org:8443/token", "x", any));
    CHECK_FALSE(parse_token_address("http://tokens.example.org/token", "x", any));
    CHECK_FALSE(parse_token_address("http://128.0.0.1/token", "x", any));
    CHECK_FALSE(parse_token_address("https://user@127.0.0.1/token", "x", any));
}

TEST_CASE("only the operator adds a universe", "[google][token_address]") {
    credential_rules own{.universe_domain = "example.com"};
    CHECK(parse_token_address("https://sts.example.com/v1/token", "x", own));
    CHECK(parse_token_address("https://sts.googleapis.com/v1/token", "x", own));
    CHECK_FALSE(parse_token_address("https://sts.example.org/v1/token", "x", own));
    credential_rules odd{.universe_domain = "com"};
    CHECK_FALSE(parse_token_address("https://sts.com/v1/token", "x", odd));
}

TEST_CASE("a domain has two or more plain labels", "[google][token_address]") {
    CHECK(is_domain("googleapis.com"));
    CHECK(is_domain("apis-tpczero.goog"));
    for (auto const* text : {"", ".", "com", "a..b", ".a.b", "a.b.", "A.b", "a.b/c", "a.b:1",
                             "a_b.c", "-a.b", "a-.b", "a b.c", "a.b@c.d"}) {
        CAPTURE(text);
        CHECK_FALSE(is_domain(text));
    }
}
