// Whole chains of federated identities whose subject token lies in a file or behind a URL.

#include "core/google/external/subject_search.hpp"

#include "unit/google/chain_rig.hpp"
#include "unit/google/external/external_samples.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using namespace vertex_relay::core::google;
using namespace vertex_relay::test;
using Catch::Matchers::Contains;

namespace {

constexpr auto sts = "POST https://sts.googleapis.com/v1/token";

call_outcome stale() {
    return answer(400, R"({"error":"invalid_grant","error_description":"ID Token issued at )"
                       R"(1767320000 is stale to sign-in."})");
}

/// STS and IAM as they should be.
call_outcome obliging(token_call const& call) {
    return call.host.starts_with("sts.") ? token_answer("sts-fake", 3600) : iam_answer("imp-fake");
}

std::string subject_in(std::string const& body) {
    auto at = body.find("subject_token=");
    auto text = body.substr(at + 14);
    return text.substr(0, text.find('&'));
}

} // namespace

TEST_CASE("a token in a file is trimmed and exchanged", "[google][external]") {
    chain_rig rig(external_credential(R"({"file":"/t"})"));
    rig.server = obliging;
    rig.files["/t"] = " \nFILE_SUBJECT_TOKEN\r\n";
    auto token = rig.run();
    REQUIRE(token);
    CHECK(token->value.reveal() == "sts-fake");
    CHECK(token->lifetime == seconds{3600});
    CHECK(rig.seen == std::vector<std::string>{"read /t", sts});
    CHECK(subject_in(rig.bodies[0]) == "FILE_SUBJECT_TOKEN");

    rig.files["/t"] = "RENEWED"; // read again at every refresh
    REQUIRE(rig.run());
    CHECK(subject_in(rig.bodies[1]) == "RENEWED");
}

TEST_CASE("a token in a member of a JSON file", "[google][external]") {
    chain_rig rig(external_credential(
        R"({"file":"/t","format":{"type":"json","subject_token_field_name":"access_token"}})"));
    rig.server = obliging;
    rig.files["/t"] = R"({"other":1,"access_token":"JSON_SUBJECT_TOKEN"})";
    REQUIRE(rig.run());
    CHECK(subject_in(rig.bodies[0]) == "JSON_SUBJECT_TOKEN");

    for (auto const* text :
         {"JSON_SUBJECT_TOKEN", "[]", R"({"id_token":"x"})", R"({"access_token":7})"}) {
        rig.files["/t"] = text;
        auto token = rig.run();
        REQUIRE_FALSE(token);
        CHECK(token.error().kind == failure_class::slow);
        CHECK(token.error().failure.code == "google_credentials_subject_format");
        CHECK_THAT(token.error().failure.message, !Contains("JSON_SUBJECT"));
    }
    for (auto const* text : {"", " \n", R"({"access_token":""})"}) { // being written
        rig.files["/t"] = text;
        CHECK(rig.run().error().kind == failure_class::transient);
    }
    rig.files.clear();
    auto missing = rig.run();
    REQUIRE_FALSE(missing);
    CHECK(missing.error().kind == failure_class::slow);
    CHECK(missing.error().failure.code == "google_credentials_source_file");
    CHECK_THAT(missing.error().failure.message, Contains("subject token file /t"));
}

TEST_CASE("a token behind a URL is asked for with its headers", "[google][external]") {
    chain_rig rig(external_credential(
        R"({"url":"http://169.254.169.254/subject?api-version=2018-02-01&resource=x",)"
        R"("headers":{"Metadata":"True"},)"
        R"("format":{"type":"json","subject_token_field_name":"access_token"}})"));
    rig.server = [](token_call const& call) -> call_outcome {
        if (call.host != "169.254.169.254") {
            return obliging(call);
        }
        CHECK(call.target == "/subject?api-version=2018-02-01&resource=x");
        CHECK(header_of(call, "Metadata") == "True");
        CHECK(call.direct);
        return answer(200, R"({"access_token":"URL_SUBJECT_TOKEN"})");
    };
    REQUIRE(rig.run());
    CHECK(rig.seen == std::vector<std::string>{"GET http://169.254.169.254/subject", sts});
    CHECK(subject_in(rig.bodies[1]) == "URL_SUBJECT_TOKEN");
    CHECK(rig.bodies[1].size() == 441);
}

TEST_CASE("the clock of a place that is not Google's is not believed", "[google][external]") {
    chain_rig rig(external_credential(R"({"url":"https://tokens.example/t"})"));
    rig.server = [](token_call const& call) -> call_outcome {
        auto response = call.method == "GET" ? answer(200, "t") : obliging(call);
        response->headers.emplace_back("Date", call.method == "GET"
                                                   ? "Fri, 02 Jan 1970 03:04:05 GMT"
                                                   : "Fri, 02 Jan 2026 03:04:06 GMT");
        return response;
    };
    REQUIRE(rig.run());
    CHECK(rig.clock.offset == seconds{1});
}

TEST_CASE("a URL may fail in every way", "[google][external]") {
    chain_rig rig(external_credential(R"({"url":"https://tokens.example/t?secret=1"})"));
    auto first = [&](call_outcome outcome) {
        auto shared = std::make_shared<call_outcome>(std::move(outcome));
        rig.server = [shared](token_call const& call) -> call_outcome {
            return call.method == "GET" ? std::move(*shared) : obliging(call);
        };
        auto token = rig.run();
        REQUIRE_FALSE(token);
        CHECK_THAT(token.error().failure.message,
                   Contains("tokens.example") && !Contains("secret=1"));
        return std::move(token.error());
    };
    CHECK(first(answer(404, "")).kind == failure_class::slow);
    CHECK(first(answer(201, "t")).kind == failure_class::slow);
    CHECK(first(answer(302, "")).kind == failure_class::slow);
    CHECK(first(answer(429, "")).kind == failure_class::transient);
    CHECK(first(answer(503, "")).kind == failure_class::transient);
    CHECK(first(answer(200, "")).kind == failure_class::transient);
    auto untrusted = first(std::unexpected(call_failure{call_fault::tls_untrusted, "self-signed"}));
    CHECK(untrusted.failure.code == "google_credentials_tls_untrusted");
    CHECK(rig.seen.size() == 7); // nothing was sent on
}

TEST_CASE("a service account on top of a federated identity", "[google][external]") {
    chain_rig rig(external_credential(
        R"({"file":"/t"})",
        acting_member() + R"(,"service_account_impersonation":{"token_lifetime_seconds":2800})"));
    rig.server = obliging;
    rig.files["/t"] = "JSON_SUBJECT_TOKEN";
    auto token = rig.run();
    REQUIRE(token);
    CHECK(token->value.reveal() == "imp-fake");
    CHECK(rig.authorizations[1] == "Bearer sts-fake");
    CHECK(rig.bodies[1] ==
          R"({"scope":["https://www.googleapis.com/auth/cloud-platform"],"lifetime":"2800s"})");

    rig.seen.clear();
    REQUIRE(rig.run()); // the exchanged token is kept
    CHECK(rig.seen.size() == 1);

    rig.kept.forget();
    rig.server = [](token_call const& call) -> call_outcome {
        return call.host.starts_with("sts.") ? token_answer("t") : answer(403, "");
    };
    auto denied = rig.run();
    REQUIRE_FALSE(denied);
    CHECK_THAT(denied.error().failure.message, Contains("roles/iam.workloadIdentityUser"));
}

TEST_CASE("a stale subject token is read once more", "[google][external]") {
    chain_rig rig(external_credential(R"({"file":"/t"})"));
    rig.files["/t"] = "OLD";
    SECTION("the file was replaced meanwhile") {
        rig.server = [&](token_call const& call) -> call_outcome {
            rig.files["/t"] = "NEW";
            return subject_in(std::string(call.body.reveal())) == "OLD" ? stale() : obliging(call);
        };
        REQUIRE(rig.run());
        CHECK(rig.seen == std::vector<std::string>{"read /t", sts, "read /t", sts});
    }
    SECTION("it was not, and asking again is spared") {
        rig.server = [](token_call const&) { return stale(); };
        auto token = rig.run();
        REQUIRE_FALSE(token);
        CHECK(token.error().failure.code == "google_credentials_wif_stale_token");
        CHECK_THAT(token.error().failure.message, Contains("issued at 1767320000"));
        CHECK(rig.seen == std::vector<std::string>{"read /t", sts, "read /t"});
    }
    SECTION("the new one is stale too") {
        int renewed = 0;
        rig.server = [&](token_call const&) {
            rig.files["/t"] = "NEW" + std::to_string(++renewed);
            return stale();
        };
        CHECK_FALSE(rig.run());
        CHECK(rig.seen.size() == 4);
    }
    SECTION("it is gone") {
        rig.server = [&](token_call const&) {
            rig.files.clear();
            return stale();
        };
        CHECK(rig.run().error().failure.code == "google_credentials_source_file");
    }
}

TEST_CASE("an outage of the exchange passes by itself", "[google][external]") {
    chain_rig rig(external_credential(R"({"file":"/t"})"));
    rig.files["/t"] = "t";
    CHECK(rig.run().error().kind == failure_class::transient); // nobody answers
    rig.server = [](token_call const&) -> call_outcome { return answer(500, "<html>"); };
    auto token = rig.run();
    REQUIRE_FALSE(token);
    CHECK(token.error().kind == failure_class::transient);
    CHECK(token.error().failure.status == 503);
}

TEST_CASE("a workforce login refreshes as google-auth does", "[google][external]") {
    auto found = parse_credential(
        R"({"type":"external_account_authorized_user","audience":"a","client_id":"clientId",)"
        R"("client_secret":"clientSecret","refresh_token":"refreshToken"})",
        "/wif.json", {});
    REQUIRE(found);
    chain_rig rig(std::move(*found));
    rig.server = [](token_call const&) -> call_outcome {
        return answer(200,
                      R"({"access_token":"eaau","expires_in":3600,"refresh_token":"rotated"})");
    };
    auto token = rig.run();
    REQUIRE(token);
    CHECK(token->value.reveal() == "eaau");
    CHECK(token->refresh_token.empty()); // it is in the credential already
    CHECK(rig.seen == std::vector<std::string>{"POST https://sts.googleapis.com/v1/oauthtoken"});
    CHECK(rig.bodies[0] == "grant_type=refresh_token&refresh_token=refreshToken");
    CHECK(rig.bodies[0].size() == 51);
    CHECK(rig.authorizations[0] == "Basic Y2xpZW50SWQ6Y2xpZW50U2VjcmV0");
    REQUIRE(rig.run());
    CHECK(rig.bodies[1] == "grant_type=refresh_token&refresh_token=rotated");

    rig.server = [](token_call const&) -> call_outcome {
        return answer(400, R"({"error":"invalid_grant"})");
    };
    CHECK(rig.run().error().failure.code == "google_credentials_revoked");
}
