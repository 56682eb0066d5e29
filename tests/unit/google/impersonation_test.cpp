#include "core/google/impersonation.hpp"

#include "unit/google/chain_rig.hpp"
#include "unit/google/samples.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using namespace vertex_relay::core::google;
using namespace vertex_relay::test;
using Catch::Matchers::Contains;

namespace {

constexpr std::string_view front = "https://iamcredentials.googleapis.com/v1/projects/-/"
                                   "serviceAccounts/";
constexpr std::string_view back = ":generateAccessToken";

std::string url(std::string_view account) {
    return std::string(front) + std::string(account) + std::string(back);
}

impersonation sample() {
    auto as = parse_impersonation(url("service-account-target@example.com"), "x", {});
    REQUIRE(as);
    return std::move(*as);
}

token_error refused(int status, std::string body, credential from = user_credential()) {
    auto token = read_impersonation_answer(from, sample(), answer(status, std::move(body)), {});
    REQUIRE_FALSE(token);
    return std::move(token.error());
}

} // namespace

TEST_CASE("the account is in the URL", "[google][impersonation]") {
    auto as = parse_impersonation(url("target@p.iam.gserviceaccount.com"), "x", {});
    REQUIRE(as);
    CHECK(as->account == "target@p.iam.gserviceaccount.com");
    CHECK(as->lifetime == seconds{3600});
    CHECK(as->address.host == "iamcredentials.googleapis.com");
    CHECK(parse_impersonation(url("112233445566778899000"), "x", {})->account ==
          "112233445566778899000");
    CHECK(parse_impersonation("https://us-east1-iamcredentials.googleapis.com/v1/projects/-/"
                              "serviceAccounts/a@b.c:generateAccessToken",
                              "x", {}));
}

TEST_CASE("no other URL is asked for a token", "[google][impersonation]") {
    auto text = GENERATE_COPY(
        as<std::string>{}, "", url(""), url("no-address"), url("a@b@c"), url("a/../b@c.d"),
        url("a@b.c?x="), url("a%40b.c"), url("a b@c.d"), std::string(front) + "a@b.c",
        std::string(front) + "a@b.c:generateIdToken",
        "https://iamcredentials.googleapis.com/v2/projects/-/serviceAccounts/a@b.c" +
            std::string(back),
        "https://iamcredentials.googleapis.com/v1/projects/p/serviceAccounts/a@b.c" +
            std::string(back),
        "https://evil.example/v1/projects/-/serviceAccounts/a@b.c" + std::string(back),
        "http://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/a@b.c" +
            std::string(back));
    CAPTURE(text);
    auto as = parse_impersonation(text, "FILE: member", {});
    REQUIRE_FALSE(as);
    CHECK(as.error().status == 400);
    CHECK_THAT(as.error().message, Contains("FILE: member"));
}

TEST_CASE("a token is asked for as google-auth does", "[google][impersonation]") {
    auto as = sample();
    as.delegates = {delegate_name("d1@p.iam.gserviceaccount.com")};
    auto call = impersonation_call(as, secret("ya29.fake-access"));
    CHECK(call.method == "POST");
    CHECK(call.target == "/v1/projects/-/serviceAccounts/service-account-target@example.com"
                         ":generateAccessToken");
    CHECK(header_of(call, "Content-Type") == "application/json");
    CHECK(header_of(call, "Authorization") == "Bearer ya29.fake-access");
    CHECK(call.body.reveal() ==
          R"({"delegates":["projects/-/serviceAccounts/d1@p.iam.gserviceaccount.com"],)"
          R"("scope":["https://www.googleapis.com/auth/cloud-platform"],"lifetime":"3600s"})");
    as.delegates.clear();
    as.lifetime = seconds{2800};
    CHECK(impersonation_call(as, secret("t")).body.reveal() ==
          R"({"scope":["https://www.googleapis.com/auth/cloud-platform"],"lifetime":"2800s"})");
}

TEST_CASE("the setting names the target first", "[google][impersonation]") {
    auto from = user_credential();
    impersonate(from, "");
    CHECK(from.acts_as.empty());
    impersonate(from, "t@p.iam.gserviceaccount.com, b@p.iam.gserviceaccount.com ,a@q.x");
    REQUIRE(from.acts_as.size() == 1);
    auto const& as = from.acts_as[0];
    CHECK(as.account == "t@p.iam.gserviceaccount.com");
    CHECK(as.delegates ==
          std::vector<std::string>{"projects/-/serviceAccounts/a@q.x",
                                   "projects/-/serviceAccounts/b@p.iam.gserviceaccount.com"});
    CHECK(place_of(impersonation_call(as, secret("t"))) == url("t@p.iam.gserviceaccount.com"));
    CHECK_THAT(describe(from), Contains("acting as t@p.iam.gserviceaccount.com"));
    CHECK(acting_account(from) == "t@p.iam.gserviceaccount.com");

    auto other = account_credential(R"(,"universe_domain":"example.goog")");
    impersonate(other, "t@p.x");
    CHECK(other.acts_as[0].address.host == "iamcredentials.example.goog");
}

TEST_CASE("an answer lives until its expireTime by the server's clock", "[google][impersonation]") {
    struct sample_time {
        std::string expires;
        int lifetime;
    };
    auto row = GENERATE(values<sample_time>({{"2026-01-02T04:04:05Z", 3600},
                                             {"2026-01-02T04:04:05.123456789Z", 3600},
                                             {"2026-01-02T05:04:05+01:00", 3600},
                                             {"2026-01-03T03:04:05Z", 43200},
                                             {"2026-01-02T03:04:06Z", 1}}));
    CAPTURE(row.expires);
    auto response = iam_answer("imp-fake", row.expires);
    auto token =
        read_impersonation_answer(user_credential(), sample(), response, {.wall_now = captured_at});
    REQUIRE(token);
    CHECK(token->value.reveal() == "imp-fake");
    CHECK(token->lifetime == seconds{row.lifetime});

    response.headers.emplace_back("Date", "Fri, 02 Jan 2026 03:04:05 GMT");
    auto wrong_clock = captured_at - std::chrono::hours(5);
    token =
        read_impersonation_answer(user_credential(), sample(), response, {.wall_now = wrong_clock});
    REQUIRE(token);
    CHECK(token->lifetime == seconds{row.lifetime});
}

TEST_CASE("a useless answer of IAM passes by itself", "[google][impersonation]") {
    auto body =
        GENERATE(as<std::string>{}, "", "<html>canary", "[]", "{}",
                 R"({"accessToken":"","expireTime":"2026-01-02T04:04:05Z"})",
                 R"({"accessToken":"canary x","expireTime":"2026-01-02T04:04:05Z"})",
                 R"({"accessToken":"canary"})", R"({"accessToken":"canary","expireTime":"soon"})",
                 R"({"accessToken":"canary","expireTime":7})",
                 R"({"accessToken":"canary","expireTime":"2026-01-02T03:04:05Z"})",
                 R"({"accessToken":"canary","expireTime":"1970-01-01T00:00:00Z"})");
    CAPTURE(body);
    auto token = read_impersonation_answer(user_credential(), sample(), answer(200, body),
                                           {.wall_now = captured_at});
    REQUIRE_FALSE(token);
    CHECK(token.error().kind == failure_class::transient);
    CHECK_THAT(token.error().failure.message, !Contains("canary"));
}

TEST_CASE("each refusal of IAM says what to do", "[google][impersonation]") {
    auto denied = refused(403, R"({"error":{"code":403,"message":"Permission )"
                               R"('iam.serviceAccounts.getAccessToken' denied on resource (or it )"
                               R"(may not exist).","status":"PERMISSION_DENIED","details":[)"
                               R"({"@type":"x"},{"reason":"IAM_PERMISSION_DENIED"}]}})");
    CHECK(denied.kind == failure_class::slow);
    CHECK(denied.failure.code == "google_credentials_impersonation_denied");
    CHECK_THAT(denied.failure.message,
               Contains("gcloud iam service-accounts add-iam-policy-binding "
                        "service-account-target@example.com") &&
                   Contains("roles/iam.serviceAccountTokenCreator") && Contains("a@b.org"));

    auto off = refused(403, R"({"error":{"status":"PERMISSION_DENIED","details":[{"reason":)"
                            R"("SERVICE_DISABLED"}]}})");
    CHECK(off.failure.code == "google_credentials_iam_api_disabled");
    CHECK_THAT(off.failure.message,
               Contains("gcloud services enable iamcredentials.googleapis.com"));

    CHECK(refused(404, "").failure.code == "google_credentials_impersonation_target_missing");
    CHECK(refused(404, "").kind == failure_class::slow);
    CHECK(refused(401, "").kind == failure_class::slow);
    auto invalid = refused(400, R"({"error":{"status":"INVALID_ARGUMENT","message":"lifetime"}})");
    CHECK(invalid.kind == failure_class::permanent);
    CHECK_THAT(invalid.failure.message, Contains("3600 s") && Contains("INVALID_ARGUMENT"));
    for (int status : {302, 408, 425, 429, 500, 502, 503, 504}) {
        CAPTURE(status);
        CHECK(refused(status, "<html>").kind == failure_class::transient);
        CHECK(refused(status, "<html>").failure.status == 503);
    }
}
