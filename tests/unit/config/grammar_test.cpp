#include "core/config/grammar.hpp"
#include "core/config/listen_address.hpp"

#include <catch2/catch.hpp>

namespace grammar = vertex_relay::core::grammar;
using vertex_relay::core::parse_listen_address;

TEST_CASE("IPv4 literals are four plain decimal parts", "[config][grammar]") {
    for (auto text : {"0.0.0.0", "127.0.0.1", "255.255.255.255"}) {
        CAPTURE(text);
        CHECK(grammar::is_ipv4(text));
    }
    for (auto text : {"", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1.2.3.", ".1.2.3",
                      "0x7f.0.0.1", "2130706433", "1.2.3.4 "}) {
        CAPTURE(text);
        CHECK_FALSE(grammar::is_ipv4(text));
    }
}

TEST_CASE("IPv6 literals follow RFC 4291", "[config][grammar]") {
    for (auto text : {"::", "::1", "1::", "fe80::1", "1:2:3:4:5:6:7:8", "::ffff:127.0.0.1",
                      "1:2:3:4:5:6:1.2.3.4", "1::8", "1:2:3:4:5:6:7::"}) {
        CAPTURE(text);
        CHECK(grammar::is_ipv6(text));
    }
    for (auto text : {"", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::",
                      "1::2::3", "1:", ":1", "::1%lo", "[::1]", "1.2.3.4::", "1:2:3:4:5:6:7::8"}) {
        CAPTURE(text);
        CHECK_FALSE(grammar::is_ipv6(text));
    }
}

TEST_CASE("only names and literals of this host are loopback", "[config][grammar]") {
    for (auto text : {"localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1",
                      "::ffff:127.0.0.1"}) {
        CAPTURE(text);
        CHECK(grammar::is_loopback(text));
    }
    for (auto text : {"127.example.com", "localhost.example.com", "0.0.0.0", "::", "10.0.0.1",
                      "::ffff:10.0.0.1", "::ffff:127.x"}) {
        CAPTURE(text);
        CHECK_FALSE(grammar::is_loopback(text));
    }
}

TEST_CASE("locations have the form the token may travel to", "[config][grammar]") {
    for (auto text : {"global", "us", "eu", "us-central1", "northamerica-northeast1",
                      "europe-west12"}) {
        CAPTURE(text);
        CHECK(grammar::is_location(text));
    }
    for (auto text : {"", "US", "us-central", "us-", "us-central1-a", "us.evil.com", "us/x", "1us",
                      "us-1", "us-central1.", "us central1"}) {
        CAPTURE(text);
        CHECK_FALSE(grammar::is_location(text));
    }
}

TEST_CASE("projects are ids, domain-scoped ids or numbers", "[config][grammar]") {
    for (auto text : {"my-project", "123456789012", "example.com:my-project", "p1"}) {
        CAPTURE(text);
        CHECK(grammar::is_project(text));
    }
    for (auto text : {"", "My-Project", "a/b", "a..b", "-a", "a-", "nodot:proj", "a.b:", "a b",
                      "a%", "1a", "123456789012345678901"}) {
        CAPTURE(text);
        CHECK_FALSE(grammar::is_project(text));
    }
}

TEST_CASE("models are one publisher and one name", "[config][grammar]") {
    for (auto text : {"google/gemini-3.5-flash", "meta/llama-4@001", "a/b", "google/sim-slow-3"}) {
        CAPTURE(text);
        CHECK(grammar::is_publisher_model(text));
    }
    for (auto text : {"", "gemini", "/x", "google/", "google/a/b", "google/a..b", "Google/x",
                      "google/.a", "google/a?b", "google/a:b", "google/a@", "google/a%2f"}) {
        CAPTURE(text);
        CHECK_FALSE(grammar::is_publisher_model(text));
    }
    CHECK_FALSE(grammar::is_publisher_model("google/" + std::string(250, 'a')));
}

TEST_CASE("endpoint ids are digits or Model Garden's own form", "[config][grammar]") {
    CHECK(grammar::is_endpoint_id("1234567890"));
    CHECK(grammar::is_endpoint_id("mg-endpoint-0b2e4a10-1111-2222-3333-444455556666"));
    for (auto text : {"", "12a", "openapi", "mg-endpoint-", "mg-endpoint-1234",
                      "mg-endpoint-0b2e4a10-1111-2222-3333-44445555666/", "../1"}) {
        CAPTURE(text);
        CHECK_FALSE(grammar::is_endpoint_id(text));
    }
}

TEST_CASE("a listen address is a literal with a port, or a Unix path", "[config][grammar]") {
    auto v4 = parse_listen_address("127.0.0.1:8642");
    REQUIRE(v4);
    CHECK(v4->host == "127.0.0.1");
    CHECK(v4->port == 8642);
    CHECK(v4->is_loopback());

    auto v6 = parse_listen_address("[::]:0");
    REQUIRE(v6);
    CHECK(v6->host == "::");
    CHECK(v6->port == 0);
    CHECK_FALSE(v6->is_loopback());

    auto socket = parse_listen_address("unix:/run/relay.sock");
    REQUIRE(socket);
    CHECK(socket->path == "/run/relay.sock");
    CHECK(socket->is_unix());
    CHECK(socket->is_loopback());

    for (auto text : {"", "8642", ":8642", "localhost:8642", "127.0.0.1", "127.0.0.1:", "::1:8642",
                      "[::1]", "[127.0.0.1]:1", "127.0.0.1:65536", "127.0.0.1:-1", "unix:relative",
                      "unix:", "unix:/dir/", "example.com:80"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_listen_address(text));
    }
    CHECK(parse_listen_address("unix:/" + std::string(106, 'a')));
    CHECK_FALSE(parse_listen_address("unix:/" + std::string(107, 'a')));
}

TEST_CASE("an upstream endpoint is https, or http on loopback", "[config][grammar]") {
    for (auto text : {"https://aiplatform.googleapis.com", "https://10.0.0.1:8443",
                      "http://127.0.0.1:1", "http://[::1]:1", "http://localhost"}) {
        CAPTURE(text);
        CHECK_FALSE(grammar::endpoint_url(text));
    }
    for (auto text : {"http://example.com", "http://127.0.0.1.example.com", "https://", "ftp://a",
                      "https://a/", "https://a/v1", "https://a:0", "https://a:99999",
                      "https://user@a", "https://a?x", "a.example.com"}) {
        CAPTURE(text);
        CHECK(grammar::endpoint_url(text));
    }
}

TEST_CASE("resolve entries lead to an address, not to a name", "[config][grammar]") {
    CHECK_FALSE(grammar::resolve("aiplatform.googleapis.com:443=127.0.0.1:8443"));
    CHECK_FALSE(grammar::resolve("a:1=[::1]:2"));
    for (auto text : {"a:1=b:2", "a=127.0.0.1:1", "a:1=127.0.0.1", "a:1", "a:1=::1:2",
                      "=1.2.3.4:1"}) {
        CAPTURE(text);
        CHECK(grammar::resolve(text));
    }
}

TEST_CASE("rules of the access settings", "[config][grammar]") {
    CHECK_FALSE(grammar::origin("https://app.example.com:8443"));
    CHECK_FALSE(grammar::origin("vscode-webview://abc"));
    CHECK_FALSE(grammar::origin("*"));
    CHECK(grammar::origin("https://app.example.com/"));
    CHECK(grammar::origin("app.example.com"));
    CHECK_FALSE(grammar::allowed_host("relay.internal"));
    CHECK_FALSE(grammar::allowed_host("::1"));
    CHECK(grammar::allowed_host("relay.internal:80"));
    CHECK_FALSE(grammar::uid("1000"));
    CHECK(grammar::uid("alice"));
    CHECK_FALSE(grammar::group("docker"));
    CHECK(grammar::group("a b"));
    CHECK_FALSE(grammar::file_mode("0660"));
    CHECK_FALSE(grammar::file_mode("600"));
    CHECK(grammar::file_mode("0680"));
    CHECK(grammar::file_mode("4600"));
    CHECK_FALSE(grammar::service_accounts("a@p.iam.example.com, b@p.iam.example.com"));
    CHECK(grammar::service_accounts("a@p.iam.example.com,"));
    CHECK(grammar::service_accounts("nobody"));
}
