#include "core/google/token_answer.hpp"

#include "unit/google/samples.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using namespace vertex_relay::core::google;
using Catch::Matchers::Contains;
using vertex_relay::test::account_credential;
using vertex_relay::test::account_file;

namespace {

token_response answered(std::string body, int status = 200) {
    return {.status = status,
            .headers = {{"content-type", "application/json"}, {"Metadata-Flavor", "Google"}},
            .body = secret(std::move(body))};
}

} // namespace

TEST_CASE("a token answer gives value and lifetime", "[google][token_answer]") {
    auto user = vertex_relay::test::user_credential();
    auto token = read_token_answer(
        user,
        answered(R"({"access_token":"ya29.fake-access","expires_in":3599,"scope":"s",)"
                 R"("token_type":"Bearer","id_token":"x","refresh_token":"next"})"),
        {});
    REQUIRE(token);
    CHECK(token->value.reveal() == "ya29.fake-access");
    CHECK(token->lifetime == seconds{3599});
    CHECK(token->refresh_token.reveal() == "next");
}

TEST_CASE("lenient where it is harmless", "[google][token_answer]") {
    struct sample {
        std::string body;
        int lifetime;
    };
    auto row = GENERATE(values<sample>({
        {R"({"access_token":"t","expires_in":"3599"})", 3599},
        {R"({"access_token":"t","expires_in":1,"token_type":"bEARER"})", 1},
        {R"({"access_token":"t"})", 300},
        {R"({"access_token":"t","expires_in":99999999})", 43200},
        {"\xEF\xBB\xBF{\"access_token\":\"t\",\"expires_in\":5}", 5},
    }));
    CAPTURE(row.body);
    auto token = read_token_answer(vertex_relay::test::user_credential(), answered(row.body), {});
    REQUIRE(token);
    CHECK(token->lifetime == seconds{row.lifetime});
    CHECK(token->refresh_token.empty());
}

TEST_CASE("a useless 200 passes by itself and is not quoted", "[google][token_answer]") {
    auto body = GENERATE(
        as<std::string>{}, "", "<html>canary</html>", "[]", "\"canary\"", "{}",
        R"({"access_token":""})", R"({"access_token":7})",
        R"({"access_token":"canary x","expires_in":9})",
        R"({"access_token":"canary\r\nx: y","expires_in":9})",
        R"({"access_token":"canary\u0000","expires_in":9})",
        R"({"access_token":"canaryä","expires_in":9})",
        R"({"access_token":"canary","expires_in":0})",
        R"({"access_token":"canary","expires_in":-5})",
        R"({"access_token":"canary","expires_in":"soon"})",
        R"({"access_token":"canary","expires_in":null})",
        R"({"access_token":"canary","expires_in":3599.5})",
        R"({"access_token":"canary","expires_in":99999999999999999999})",
        R"({"access_token":"canary","expires_in":9,"token_type":"MAC"})",
        R"({"access_token":"canary","expires_in":9,"token_type":1})", R"({"access_token":"canary)");
    CAPTURE(body);
    auto token = read_token_answer(vertex_relay::test::user_credential(), answered(body), {});
    REQUIRE_FALSE(token);
    CHECK(token.error().kind == failure_class::transient);
    CHECK(token.error().failure.status == 503);
    CHECK(token.error().failure.code == "google_credentials_unavailable");
    CHECK(token.error().failure.retry == retry_advice::later);
    CHECK(token.error().failure.retry_after == seconds{5});
    CHECK_THAT(token.error().failure.message, !Contains("canary"));
}

TEST_CASE("an answer above the limit is not read", "[google][token_answer]") {
    auto body = R"({"access_token":"t","expires_in":9,"x":")" +
                std::string(token_answer_bytes_max, 'x') + "\"}";
    auto token = read_token_answer(vertex_relay::test::user_credential(), answered(body), {});
    REQUIRE_FALSE(token);
    CHECK(token.error().kind == failure_class::transient);
}

TEST_CASE("a metadata answer must carry the flavour", "[google][token_answer]") {
    auto machine = vertex_relay::test::metadata_credential();
    auto body = R"({"access_token":"mds-fake","expires_in":3599,"token_type":"Bearer"})";
    CHECK(read_token_answer(machine, answered(body), {}));
    auto bare = answered(body);
    bare.headers.clear();
    auto token = read_token_answer(machine, bare, {});
    REQUIRE_FALSE(token);
    CHECK(token.error().kind == failure_class::transient);
    CHECK(read_token_answer(vertex_relay::test::user_credential(), bare, {}));
}

TEST_CASE("a call without an answer is explained", "[google][token_answer]") {
    auto user = vertex_relay::test::user_credential();
    for (auto fault : {call_fault::name_not_found, call_fault::connect_failed,
                       call_fault::timed_out, call_fault::tls_failed, call_fault::cut_off,
                       call_fault::malformed}) {
        auto error = explain_call_fault(user, {fault, "detail"}, "oauth2.googleapis.com");
        CHECK(error.kind == failure_class::transient);
        CHECK(error.failure.status == 503);
        CHECK_THAT(error.failure.message, Contains("oauth2.googleapis.com"));
        CHECK_THAT(error.failure.message, Contains("(detail)"));
    }
}

TEST_CASE("the way to the token server is explained", "[google][token_answer]") {
    auto user = vertex_relay::test::user_credential();
    auto seen = [&](call_fault fault) {
        return explain_call_fault(user, {fault, "The cause. The remedy."},
                                  "The token server oauth2.googleapis.com");
    };
    auto untrusted = seen(call_fault::tls_untrusted);
    CHECK(untrusted.failure.code == "google_credentials_tls_untrusted");
    auto password = seen(call_fault::proxy_password);
    CHECK(password.failure.code == "google_credentials_proxy_auth");
    auto refused = seen(call_fault::proxy_refused);
    CHECK(refused.failure.code == "google_credentials_proxy_refused");
    for (auto const& error : {untrusted, password, refused}) {
        CHECK(error.kind == failure_class::slow);
        CHECK(error.failure.status == 400);
        CHECK_THAT(error.failure.message, Contains("oauth2.googleapis.com") &&
                                              Contains("The cause. The remedy. (") &&
                                              Contains("a@b.org"));
    }
    auto failed = seen(call_fault::proxy_failed);
    CHECK(failed.kind == failure_class::transient);
    CHECK(failed.failure.status == 503);
    CHECK_THAT(failed.failure.message, Contains("The cause. The remedy."));
}

TEST_CASE("every answer's Date tells how wrong our clock is", "[google][token_answer]") {
    token_response response{.status = 400,
                            .headers = {{"DATE", " Fri, 02 Jan 2026 03:04:05 GMT "}}};
    CHECK(clock_offset(response, seconds{1767323045}) == seconds{0});
    CHECK(clock_offset(response, seconds{1767323045 + 7200}) == seconds{-7200});
    response.headers[0].second = "yesterday";
    CHECK_FALSE(clock_offset(response, seconds{0}));
    CHECK_FALSE(clock_offset({.status = 200}, seconds{0}));
}

TEST_CASE("a fresh token that Vertex rejects stops the client", "[google][token_answer]") {
    auto failure = rejected_by_vertex(vertex_relay::test::user_credential());
    CHECK(failure.status == 400);
    CHECK(failure.retry == retry_advice::never);
    CHECK(failure.code == "google_credentials_rejected");
    CHECK_THAT(failure.message, Contains("a@b.org"));

    auto account = parse_credential(account_file(), "/sa.json",
                                    {.service_accounts = account_mode::self_signed});
    REQUIRE(account);
    CHECK(describe(*account).ends_with(", signing its own tokens"));
    CHECK_THAT(rejected_by_vertex(*account).message,
               Contains("google.service_account_mode = \"exchange\""));
    auto elsewhere = account_credential(R"(,"universe_domain":"example.goog")");
    CHECK_THAT(rejected_by_vertex(elsewhere).message, !Contains("service_account_mode"));
}
