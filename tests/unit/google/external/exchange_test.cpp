#include "core/google/external/exchange.hpp"

#include "unit/google/chain_rig.hpp"
#include "unit/google/external/external_samples.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using namespace vertex_relay::core::google;
using namespace vertex_relay::test;
using Catch::Matchers::Contains;

namespace {

constexpr std::string_view in_file = R"({"file":"/t"})";
constexpr auto pool_fields =
    "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&"
    "audience=%2F%2Fiam.googleapis.com%2Fprojects%2F123456%2Flocations%2Fglobal%2F"
    "workloadIdentityPools%2FPOOL_ID%2Fproviders%2FPROVIDER_ID&";
constexpr auto cloud_scope = "scope=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fcloud-platform&";
constexpr auto access_type =
    "requested_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token&";
constexpr auto jwt_type = "&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt";

token_call exchange(credential const& from, std::string const& subject) {
    return exchange_call(from, std::get<external_account>(from.source),
                         {.text = secret(std::string(subject))});
}

token_error refused(credential const& from, int status, std::string body) {
    auto token = read_token_answer(from, answer(status, std::move(body)), {});
    REQUIRE_FALSE(token);
    return std::move(token.error());
}

} // namespace

TEST_CASE("a subject token is exchanged as google-auth does", "[google][external]") {
    auto from = external_credential(in_file);
    auto call = exchange(from, "JSON_SUBJECT_TOKEN");
    CHECK(call.method == "POST");
    CHECK(place_of(call) == "https://sts.googleapis.com/v1/token");
    CHECK(header_of(call, "Content-Type") == "application/x-www-form-urlencoded");
    CHECK(header_of(call, "Authorization").empty());
    CHECK(call.body.reveal() == std::string(pool_fields) + cloud_scope + access_type +
                                    "subject_token=JSON_SUBJECT_TOKEN" + jwt_type);
    CHECK(call.body.reveal().size() == 442);
}

TEST_CASE("a client authenticates beside the exchange", "[google][external]") {
    auto from = external_credential(in_file, R"(,"client_id":"username","client_secret":)"
                                             R"("password")");
    auto call = exchange(from, "JSON_SUBJECT_TOKEN");
    CHECK(header_of(call, "Authorization") == "Basic dXNlcm5hbWU6cGFzc3dvcmQ=");
    CHECK(call.body.reveal().size() == 442);

    auto go = external_credential(
        in_file, R"(,"client_id":"rbrgnognrhongo3bi4gb9ghg9g","client_secret":"notsosecret")");
    CHECK(header_of(exchange(go, "x"), "Authorization") ==
          "Basic cmJyZ25vZ25yaG9uZ28zYmk0Z2I5Z2hnOWc6bm90c29zZWNyZXQ=");
    auto half = external_credential(in_file, R"(,"client_secret":"notsosecret")");
    CHECK(header_of(exchange(half, "x"), "Authorization").empty());
}

TEST_CASE("a workforce pool says who pays, unless a client does", "[google][external]") {
    auto project = R"(,"workforce_pool_user_project":"billing-proj")";
    auto from = external_credential(in_file, project, workforce_audience);
    CHECK(exchange(from, "JSON_SUBJECT_TOKEN").body.reveal() ==
          std::string("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&"
                      "audience=%2F%2Fiam.googleapis.com%2Flocations%2Fglobal%2FworkforcePools%2F"
                      "POOL%2Fproviders%2FP&") +
              cloud_scope + access_type + "subject_token=JSON_SUBJECT_TOKEN" + jwt_type +
              "&options=%7B%22userProject%22%3A%22billing-proj%22%7D");
    auto client = external_credential(
        in_file, std::string(project) + R"(,"client_id":"c","client_secret":"s")",
        workforce_audience);
    CHECK_THAT(std::string(exchange(client, "x").body.reveal()), !Contains("options"));
}

TEST_CASE("the token is for IAM alone when a service account is acted as", "[google][external]") {
    auto call = exchange(external_credential(in_file, acting_member()), "JSON_SUBJECT_TOKEN");
    CHECK(call.body.reveal() == std::string(pool_fields) +
                                    "scope=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fiam&" +
                                    access_type + "subject_token=JSON_SUBJECT_TOKEN" + jwt_type);
    CHECK(call.body.reveal().size() == 431);
}

TEST_CASE("an exchanged token must say how long it lives", "[google][external]") {
    auto from = external_credential(in_file);
    auto body = [](std::string more) {
        return answer(200, R"({"access_token":"sts-fake","issued_token_type":"x","token_type":)"
                           R"("Bearer")" +
                               more + "}");
    };
    CHECK(read_token_answer(from, body(R"(,"expires_in":3600)"), {})->lifetime == seconds{3600});
    for (auto const* more : {"", R"(,"expires_in":-1)", R"(,"expires_in":0)",
                             R"(,"expires_in":null)", R"(,"expires_in":"x")"}) {
        CAPTURE(more);
        auto token = read_token_answer(from, body(more), {});
        REQUIRE_FALSE(token);
        CHECK(token.error().kind == failure_class::transient);
    }
}

TEST_CASE("each refusal of the exchange says what to do", "[google][external]") {
    struct row {
        int status;
        std::string body;
        failure_class kind;
        std::string code, says;
    };
    auto sample = GENERATE(values<row>({
        {400,
         R"({"error":"invalid_grant","error_description":"ID Token issued at 17 is stale to )"
         R"(sign-in."})",
         failure_class::slow, "wif_stale_token", "/t"},
        {400,
         R"({"error":"unauthorized_client","error_description":"The given credential is )"
         R"(rejected by the attribute condition."})",
         failure_class::slow, "wif_condition",
         "gcloud iam workload-identity-pools providers describe"},
        {400, R"({"error":"invalid_target","error_description":"The pool is disabled."})",
         failure_class::slow, "wif_target", "POOL_ID"},
        {400,
         R"({"error":"invalid_request","error_description":"Invalid value for \"audience\"."})",
         failure_class::permanent, "wif_audience", "create-cred-config"},
        {400, R"({"error":"invalid_request","error_description":"Something else."})",
         failure_class::permanent, "refused", "create-cred-config"},
        {401, R"({"error":"invalid_client"})", failure_class::permanent, "client_invalid",
         "client"},
        {403, R"({"error":{"status":"PERMISSION_DENIED","message":"Off."}})", failure_class::slow,
         "refused", "gcloud services enable sts.googleapis.com"},
        {403, "", failure_class::slow, "refused", "sts.googleapis.com"},
        {302, "", failure_class::transient, "unavailable", "proxy"},
        {400, "<html>", failure_class::transient, "unavailable", "proxy"},
        {429, "", failure_class::transient, "unavailable", "rate"},
        {408, "", failure_class::transient, "unavailable", ""},
        {502, "<html>", failure_class::transient, "unavailable", "not ready"},
        {400, R"({"error":"temporarily_unavailable"})", failure_class::transient, "unavailable",
         ""},
    }));
    CAPTURE(sample.status, sample.body);
    auto error = refused(external_credential(in_file), sample.status, sample.body);
    CHECK(error.kind == sample.kind);
    CHECK(error.failure.code == "google_credentials_" + sample.code);
    CHECK_THAT(error.failure.message, Contains(sample.says) && Contains("/wif.json"));
    CHECK(error.failure.status == (sample.kind == failure_class::transient ? 503 : 400));
}

TEST_CASE("each source gets its own advice for a stale token", "[google][external]") {
    auto stale = R"({"error":"invalid_grant","error_description":"stale"})";
    auto advice = [&](std::string_view source, std::string_view audience = pool_audience) {
        return refused(external_credential(source, "", audience), 400, stale).failure.message;
    };
    CHECK_THAT(advice(in_file), Contains("kubelet"));
    CHECK_THAT(advice(in_file, workforce_audience), Contains("gcloud iam workforce-pools"));
    CHECK_THAT(advice(R"({"url":"https://h/x?secret=1"})"), Contains("from h is too old"));
    CHECK_THAT(advice(R"({"executable":{"command":"/x"}})"), Contains("program"));
    CHECK_THAT(advice(R"({"environment_id":"aws1","regional_cred_verification_url":"https://h"})"),
               Contains("AWS does not accept"));
    CHECK_THAT(advice(R"({"certificate":{"certificate_config_location":"/c"}})"),
               Contains("certificate"));
}

TEST_CASE("audiences of workloads and people are told apart", "[google][external]") {
    for (auto const* good : {"//iam.googleapis.com/locations/global/workforcePools/p/providers/x",
                             "//iam.googleapis.com/locations/eu/workforcePools/"}) {
        CAPTURE(good);
        CHECK(is_workforce(good));
    }
    for (auto const* bad :
         {"", "identitynamespace:1f12345:my_provider",
          "//iam.googleapis.com/projects/123456/locations/global/workforcePools/p/providers/x",
          "//iam.googleapis.com/projects/1/locations/eu/workloadIdentityPools/p/providers/x",
          "//iam.googleapis.com/locations/workforcePools/p",
          "//iam.googleapis.com/locations//workforcePools/p/providers/x",
          "//iam.googleapis.com/locations/a/b/workforcePools/p",
          "//iamAgoogleapis.com/locations/eu/workforcePools/p/providers/x",
          "/iam.googleapis.com/locations/eu/workforcePools/p",
          "x//iam.googleapis.com/locations/eu/workforcePools/p"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_workforce(bad));
    }
    CHECK(project_number_of(pool_audience) == "123456");
    CHECK(project_number_of(workforce_audience).empty());
    CHECK(project_number_of("//iam.googleapis.com/projects/my-id/locations/x").empty());
    CHECK(project_number_of("").empty());
}
