#include "core/egress/certificate_fault.hpp"
#include "core/egress/connect_error.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using Catch::Contains;
using Catch::StartsWith;

namespace {

upstream_host const vertex{true, "aiplatform.googleapis.com", 443, "aiplatform.googleapis.com"};

proxy through(std::string_view url) {
    auto made = parse_proxy(url, "HTTPS_PROXY");
    REQUIRE(made);
    return std::move(*made);
}

} // namespace

TEST_CASE("a direct connection that fails says what to check", "[egress][connect_error]") {
    auto seen = [](connect_fault fault, std::string detail) {
        return connect_failure({.fault = fault, .detail = std::move(detail)}, vertex);
    };
    auto unnamed = seen(connect_fault::name_not_found, "Host not found");
    CHECK(unnamed.status == 502);
    CHECK(unnamed.code == "upstream_unreachable");
    CHECK_THAT(unnamed.message, StartsWith("Cannot resolve aiplatform.googleapis.com: Host not "
                                           "found.") &&
                                    Contains("name server") && Contains("HTTPS_PROXY"));
    auto refused = seen(connect_fault::connect_failed, "Connection refused");
    CHECK(refused.status == 502);
    CHECK(refused.code == "upstream_unreachable");
    CHECK_THAT(refused.message,
               Contains("port 443: Connection refused.") && Contains("HTTPS_PROXY"));
    auto late = seen(connect_fault::timed_out, "");
    CHECK(late.status == 504);
    CHECK(late.code == "upstream_connect_timeout");
    CHECK_THAT(late.message, Contains("upstream.connect_timeout_ms"));
    auto broken = seen(connect_fault::tls_failed, "wrong version number");
    CHECK(broken.status == 502);
    CHECK(broken.code == "upstream_tls_failed");
    CHECK(broken.retry == retry_advice::unspecified);
    auto untrusted = seen(connect_fault::tls_untrusted, "the certificate …");
    CHECK(untrusted.code == "upstream_tls_failed");
    CHECK(untrusted.retry == retry_advice::never);
}

TEST_CASE("nobody needs a proxy to this machine", "[egress][connect_error]") {
    connect_error error{.fault = connect_fault::connect_failed, .detail = "Connection refused"};
    CHECK(explain(error, "127.0.0.1", 1) ==
          "Cannot connect to 127.0.0.1 port 1: Connection refused.");
}

TEST_CASE("a proxy that fails is named, and the next step", "[egress][connect_error]") {
    auto proxy = through("http://user:canary@proxy.corp:3128");
    struct row {
        connect_error error;
        char const* code;
        retry_advice retry;
        std::vector<std::string> words;
    };
    std::vector<row> const rows = {
        {{connect_fault::name_not_found, "no such host", &proxy, true},
         "upstream_proxy_failed",
         retry_advice::unspecified,
         {"no such host", "Check HTTPS_PROXY"}},
        {{connect_fault::connect_failed, "Connection refused", &proxy, true},
         "upstream_proxy_failed",
         retry_advice::unspecified,
         {"Connection refused", "NO_PROXY"}},
        {{connect_fault::timed_out, "", &proxy, true},
         "upstream_proxy_timeout",
         retry_advice::unspecified,
         {"in time", "NO_PROXY"}},
        {{connect_fault::tls_failed, "wrong version number", &proxy, true},
         "upstream_proxy_failed",
         retry_advice::unspecified,
         {"wrong version number."}},
        {{connect_fault::tls_untrusted, "the certificate …", &proxy, true},
         "upstream_proxy_failed",
         retry_advice::never,
         {"is not secure: the certificate"}},
        {{connect_fault::proxy_password, "", &proxy},
         "upstream_proxy_auth",
         retry_advice::never,
         {"does not accept", "percent-encoded"}},
        {{connect_fault::proxy_password, "Negotiate, NTLM", &proxy},
         "upstream_proxy_auth",
         retry_advice::never,
         {"Negotiate, NTLM", "Cntlm"}},
        {{connect_fault::proxy_refused, "it answered 403 Forbidden", &proxy},
         "upstream_proxy_refused",
         retry_advice::never,
         {"403 Forbidden", "administrator", "CONNECT to aiplatform.googleapis.com:443",
          "NO_PROXY"}},
        {{connect_fault::proxy_failed, "it closed the connection", &proxy},
         "upstream_proxy_failed",
         retry_advice::unspecified,
         {"closed", "HTTPS_PROXY"}},
    };
    for (auto const& one : rows) {
        auto failure = connect_failure(one.error, vertex);
        INFO(failure.message);
        CHECK(failure.status == 502);
        CHECK(failure.code == one.code);
        CHECK(failure.retry == one.retry);
        CHECK_THAT(failure.message,
                   StartsWith("The proxy http://proxy.corp:3128 (HTTPS_PROXY)") &&
                       !Contains("canary"));
        for (auto const& word : one.words) {
            CHECK_THAT(failure.message, Contains(word));
        }
    }
    auto open = through("https://proxy.corp");
    for (auto fault : {connect_fault::tls_failed, connect_fault::timed_out}) {
        CHECK_THAT(explain({fault, "x", &open, true}, vertex.name, 443),
                   Contains("If it speaks plain HTTP, write http:// in HTTPS_PROXY."));
    }
    CHECK_THAT(explain({connect_fault::proxy_password, "", &open}, vertex.name, 443),
               Contains("HTTPS_PROXY=https://USER:PASSWORD@HOST:PORT"));
}

TEST_CASE("a target that fails behind the tunnel is told from the proxy",
          "[egress][connect_error]") {
    auto proxy = through("http://proxy.corp:3128");
    auto late = connect_failure({connect_fault::timed_out, "", &proxy}, vertex);
    CHECK(late.status == 504);
    CHECK(late.code == "upstream_connect_timeout");
    CHECK_THAT(late.message, Contains("through the proxy http://proxy.corp:3128"));
    auto untrusted = connect_failure({connect_fault::tls_untrusted, "the certificate …", &proxy},
                                     vertex);
    CHECK(untrusted.code == "upstream_tls_failed");
    CHECK_THAT(untrusted.message, StartsWith("No secure connection to aiplatform.googleapis.com "
                                             "through the proxy http://proxy.corp:3128"));
}

TEST_CASE("an unknown issuer is named", "[egress][certificate_fault]") {
    using kind = certificate_fault::kind;
    auto text = [](kind what, std::string issuer) {
        return explain({.what = what, .reason = "the reason", .issuer = std::move(issuer)});
    };
    CHECK(text(kind::unknown_issuer, "Corp Inspection CA") ==
          "the certificate was issued by 'Corp Inspection CA', which this machine does not trust "
          "(the reason). A TLS-inspecting proxy? Add its CA with --upstream-ca-file FILE.");
    CHECK_THAT(text(kind::unknown_issuer, ""), Contains("an unnamed authority"));
    CHECK_THAT(text(kind::unknown_issuer, "GTS Root R4"),
               Contains("ca-certificates") && !Contains("inspecting"));
    CHECK_THAT(text(kind::wrong_time, "X"), Contains("clock"));
    CHECK_THAT(text(kind::wrong_name, "X"), Contains("captive portal") && Contains("'X'"));
    CHECK_THAT(text(kind::other, "X"), Contains("refused (the reason)"));
    auto nasty = text(kind::unknown_issuer, "a\r\nb\x1b[31m" + std::string(1000, 'x'));
    CHECK(nasty.size() < 400);
    CHECK(nasty.find_first_of("\r\n\x1b") == std::string::npos);
}
