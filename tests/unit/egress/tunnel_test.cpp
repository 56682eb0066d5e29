#include "core/egress/tunnel.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace vertex_relay::core;
using verdict = tunnel_answer::verdict;

namespace {

proxy through(std::string_view url) {
    auto made = parse_proxy(url, "HTTPS_PROXY");
    REQUIRE(made);
    return std::move(*made);
}

std::string request(std::string_view host, std::string_view url) {
    return std::string(tunnel_request(host, 443, through(url)).reveal());
}

/// Feeds the bytes in pieces of those sizes (the last one takes the rest) until it is decided.
template <class NextSize>
verdict feed(tunnel_answer& answer, std::string_view bytes, NextSize next_size,
             std::string* unfed = nullptr) {
    auto result = verdict::more;
    while (!bytes.empty() && result == verdict::more) {
        auto piece = bytes.substr(0, next_size());
        bytes.remove_prefix(piece.size());
        result = answer.take(piece);
    }
    if (unfed != nullptr) {
        *unfed = bytes;
    }
    return result;
}

verdict feed_whole(tunnel_answer& answer, std::string_view bytes) { return answer.take(bytes); }

connect_error refusal(std::string_view bytes) {
    tunnel_answer answer;
    INFO(bytes);
    REQUIRE(feed_whole(answer, bytes) == verdict::failed);
    return answer.error();
}

} // namespace

TEST_CASE("CONNECT names the target twice and nothing secret", "[egress][tunnel]") {
    CHECK(request("aiplatform.googleapis.com", "http://proxy") ==
          "CONNECT aiplatform.googleapis.com:443 HTTP/1.1\r\n"
          "Host: aiplatform.googleapis.com:443\r\n"
          "User-Agent: vertex-relay/" RELAY_VERSION "\r\n\r\n");
    CHECK_THAT(request("2001:db8::1", "http://proxy"),
               Catch::StartsWith("CONNECT [2001:db8::1]:443 HTTP/1.1\r\n"
                                 "Host: [2001:db8::1]:443\r\n"));
    CHECK_THAT(request("a", "http://u:p@proxy"),
               Catch::EndsWith("\r\nProxy-Authorization: Basic dTpw\r\n\r\n"));
}

TEST_CASE("a tunnel opens however the answer is cut", "[egress][tunnel]") {
    std::string const bytes = "HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n"
                              "HTTP/1.0 200 Connection established\r\nVia: 1.1 proxy\r\n\r\n"
                              "first bytes";
    tunnel_answer whole;
    REQUIRE(feed_whole(whole, bytes) == verdict::open);
    CHECK(whole.rest() == "first bytes");

    std::string unfed;
    tunnel_answer single;
    REQUIRE(feed(single, bytes, [] { return 1U; }, &unfed) == verdict::open);
    CHECK(single.rest().empty());
    CHECK(unfed == "first bytes");

    std::minstd_rand random(20);
    for (int round = 0; round < 300; ++round) {
        tunnel_answer cut;
        REQUIRE(feed(cut, bytes, [&] { return 1 + random() % 60; }, &unfed) == verdict::open);
        CHECK(std::string(cut.rest()) + unfed == "first bytes");
    }
}

TEST_CASE("an open tunnel has no body, whatever the answer says", "[egress][tunnel]") {
    for (auto const* fields : {"Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n",
                               "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                               "Connection: close\r\n", ""}) {
        tunnel_answer answer;
        REQUIRE(feed_whole(answer, std::string("HTTP/1.1 200\r\n") + fields + "\r\nhello") ==
                verdict::open);
        CHECK(answer.rest() == "hello");
    }
    tunnel_answer other;
    CHECK(feed_whole(other, "HTTP/1.1 204 No Content\r\n\r\n") == verdict::open);
}

TEST_CASE("a refused tunnel says why", "[egress][tunnel]") {
    auto denied = refusal("HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\n\r\nno!!");
    CHECK(denied.fault == connect_fault::proxy_refused);
    CHECK(denied.detail == "it answered 403 Forbidden");
    CHECK(refusal("HTTP/1.1 302 Found\r\nLocation: http://blocked\r\n\r\n").fault ==
          connect_fault::proxy_refused);
    auto broken = refusal("HTTP/1.1 503 Service Unavailable\r\n\r\n");
    CHECK(broken.fault == connect_fault::proxy_failed);
    CHECK(broken.detail == "it answered 503 Service Unavailable");
    CHECK(refusal("HTTP/1.1 101 Switching Protocols\r\n\r\n").fault == connect_fault::proxy_failed);
    auto strange = refusal("HTTP/1.1 403 \x80" + std::string(500, 'x') + "\r\n\r\n");
    CHECK(strange.detail.size() < 120);
}

TEST_CASE("a proxy that wants a password says how", "[egress][tunnel]") {
    auto wanted = [](std::string fields) {
        auto error = refusal("HTTP/1.1 407 Proxy Authentication Required\r\n" + fields + "\r\n");
        CHECK(error.fault == connect_fault::proxy_password);
        return error.detail;
    };
    CHECK(wanted("").empty());
    CHECK(wanted("Proxy-Authenticate: Basic realm=\"corp, inc\"\r\n").empty());
    CHECK(wanted("proxy-authenticate: basic\r\n").empty());
    CHECK(wanted("Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\n") ==
          "Negotiate, NTLM");
    CHECK(wanted("Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: Basic realm=x\r\n").empty());
    CHECK(wanted("Proxy-Authenticate: Digest realm=\"x\", nonce=\"y\", qop=\"auth\"\r\n") ==
          "Digest");
    CHECK(wanted("Proxy-Authenticate: Digest realm=\"x\", Basic realm=\"x\"\r\n").empty());
}

TEST_CASE("what is no answer to CONNECT fails", "[egress][tunnel]") {
    for (std::string bytes :
         {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "\x15\x03\x01\x02\x02\x28\n\n", "HTTP/2 200\r\n\r\n",
          "HTTP/1.1 200 OK\n\n", "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1 200 OK\r\n folded\r\n\r\n",
          "HTTP/1.1 200 OK\r\nbad name: x\r\n\r\n", "<html>\r\n\r\n"}) {
        auto error = refusal(bytes);
        CHECK(error.fault == connect_fault::proxy_failed);
        CHECK(error.detail == "its answer is not HTTP");
    }
}

TEST_CASE("an answer to CONNECT is bounded", "[egress][tunnel]") {
    std::string const line = "HTTP/1.1 200 OK\r\n";
    auto padded = [&](std::size_t size) {
        return line + "X: " + std::string(size - line.size() - 7, 'x') + "\r\n\r\n";
    };
    tunnel_answer fits;
    CHECK(feed_whole(fits, padded(tunnel_answer::head_bytes_max)) == verdict::open);
    refusal(padded(tunnel_answer::head_bytes_max + 1));
    refusal(line + "X: " + std::string(tunnel_answer::head_bytes_max, 'x')); // never ends

    std::string interim;
    for (int i = 0; i < tunnel_answer::interim_max; ++i) {
        interim += "HTTP/1.1 100 Continue\r\n\r\n";
    }
    tunnel_answer patient;
    CHECK(feed_whole(patient, interim + line + "\r\n") == verdict::open);
    refusal(interim + "HTTP/1.1 100 Continue\r\n\r\n" + line + "\r\n");
}

TEST_CASE("a proxy that closes early is told apart", "[egress][tunnel]") {
    tunnel_answer silent;
    silent.take_end();
    CHECK(silent.error().fault == connect_fault::proxy_failed);
    CHECK(silent.error().detail == "it closed the connection");
    tunnel_answer half;
    CHECK(half.take("HTTP/1.1 20") == verdict::more);
    half.take_end();
    CHECK(half.error().detail == "it closed the connection amid its answer");
}
