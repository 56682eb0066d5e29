#include "core/google/token_refusal.hpp"

#include "unit/google/samples.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using namespace vertex_relay::core::google;
using Catch::Matchers::Contains;

namespace {

enum class source { user, account, machine };

credential credential_of(source from) {
    switch (from) {
    case source::user:
        return vertex_relay::test::user_credential();
    case source::account:
        return vertex_relay::test::account_credential();
    case source::machine:
        break;
    }
    return vertex_relay::test::metadata_credential();
}

token_error refused(source from, int status, std::string body, answer_conditions when = {},
                    std::vector<std::pair<std::string, std::string>> headers = {}) {
    token_response response{
        .status = status, .headers = std::move(headers), .body = secret(std::move(body))};
    auto token = read_token_answer(credential_of(from), response, when);
    REQUIRE_FALSE(token);
    return std::move(token.error());
}

struct row {
    source from;
    int status;
    std::string body;
    failure_class kind;
    std::string code; ///< without its prefix
    std::string says;
};

constexpr auto permanent = failure_class::permanent;
constexpr auto slow = failure_class::slow;
constexpr auto transient = failure_class::transient;
constexpr auto login = "gcloud auth application-default login";
std::vector<row> const rows = {
    {source::user, 400,
     R"({"error":"invalid_grant","error_description":"reauth related error",)"
     R"("error_subtype":"invalid_rapt"})",
     permanent, "reauth_required", login},
    {source::user, 400, R"({"error":"invalid_grant","error_subtype":"rapt_required"})",
     permanent, "reauth_required", "no restart"},
    {source::user, 400,
     R"({"error":"invalid_grant","error_description":"Token has been expired or revoked."})",
     permanent, "revoked", "Token has been expired or revoked."},
    {source::user, 400, R"({"error":"invalid_grant","error_description":"Bad Request"})",
     permanent, "revoked", login},
    {source::user, 401, R"({"error":"invalid_client"})", permanent, "client_invalid", login},
    {source::user, 401, R"({"error":"unauthorized_client"})", permanent, "client_invalid",
     "unauthorized_client"},
    {source::user, 400,
     R"({"error":"access_denied","error_description":"Account restricted"})", permanent,
     "access_denied", "Account restricted"},
    {source::user, 400, R"({"error":"invalid_scope"})", permanent, "invalid_scope",
     "cloud-platform"},
    {source::user, 400, R"({"error":"invalid_request"})", permanent, "refused", login},
    {source::account, 400,
     R"({"error":"invalid_grant","error_description":"Invalid JWT Signature."})", permanent,
     "key_invalid", "Key 1 of service-account@example.com"},
    {source::account, 400,
     R"({"error":"invalid_grant","error_description":"Invalid grant: account not found"})",
     permanent, "key_invalid", "gcloud iam service-accounts keys list"},
    {source::account, 401, R"({"error":"something"})", slow, "refused", "something"},
    {source::account, 403, "<html>", slow, "refused", "status 403"},
    {source::user, 403,
     R"({"error":{"code":403,"message":"No.","status":"PERMISSION_DENIED"}})", slow, "refused",
     "PERMISSION_DENIED: No."},
    {source::user, 407, "", slow, "refused", "proxy"},
    {source::user, 400, R"({"error":"server_error"})", transient, "unavailable", "not ready"},
    {source::user, 403, R"({"error":"internal_failure"})", transient, "unavailable",
     "internal_failure"},
    {source::user, 401, R"({"error":"temporarily_unavailable"})", transient, "unavailable", ""},
    {source::user, 400, "<html>login</html>", transient, "unavailable", "captive portal"},
    {source::user, 302, "", transient, "unavailable", "captive portal"},
    {source::user, 201, R"({"access_token":"t","expires_in":9})", transient, "unavailable", ""},
    {source::user, 408, "", transient, "unavailable", "status 408"},
    {source::user, 429, "", transient, "unavailable", "rate"},
    {source::user, 500, R"({"error":"invalid_grant"})", transient, "unavailable", ""},
    {source::user, 502, "<html>", transient, "unavailable", "status 502"},
    {source::user, 503, "", transient, "unavailable", "not ready"},
    {source::user, 504, "", transient, "unavailable", "not ready"},
    {source::machine, 404, "", slow, "no_service_account", "No service account is attached"},
    {source::machine, 403, "denied", slow, "metadata_refused", "hostNetwork"},
    {source::machine, 401, "", slow, "metadata_refused", "status 401"},
    {source::machine, 429, "", transient, "unavailable", "The metadata server limits"},
    {source::machine, 503, "", transient, "unavailable", "The metadata server is not ready"},
};

} // namespace

TEST_CASE("each refusal is classified and says what to do", "[google][token_refusal]") {
    auto sample = GENERATE(from_range(rows));
    CAPTURE(sample.status, sample.body);
    auto error = refused(sample.from, sample.status, sample.body, {.since_start = seconds{61}});
    CHECK(error.kind == sample.kind);
    CHECK(error.failure.code == "google_credentials_" + sample.code);
    CHECK(error.failure.status == (sample.kind == transient ? 503 : 400));
    CHECK(error.failure.retry ==
          (sample.kind == transient ? retry_advice::later : retry_advice::never));
    CHECK_THAT(error.failure.message, Contains(sample.says));
    CHECK_THAT(error.failure.message, Contains(describe(credential_of(sample.from))));
}

TEST_CASE("a young process forgives a metadata server's 404", "[google][token_refusal]") {
    auto young = refused(source::machine, 404, "", {.since_start = seconds{59}});
    CHECK(young.kind == failure_class::transient);
    auto old = refused(source::machine, 404, "", {.since_start = seconds{60}});
    CHECK(old.kind == failure_class::slow);
}

TEST_CASE("wrong assertion times are corrected once, then reported", "[google][token_refusal]") {
    std::string body =
        R"({"error":"invalid_grant","error_description":"Invalid JWT: Token must be a )"
        R"(short-lived token (60 minutes) and in a reasonable timeframe. Check your iat )"
        R"(and exp values in the JWT claim."})";
    std::vector<std::pair<std::string, std::string>> dated = {
        {"Date", "Fri, 02 Jan 2026 03:04:05 GMT"}};
    auto now = seconds{1767323045 + 7200}; // two hours ahead of Google
    auto first = refused(source::account, 400, body, {.wall_now = now}, dated);
    CHECK(first.kind == failure_class::transient);
    CHECK(first.clock_skew);
    CHECK_THAT(first.failure.message, Contains("-7200 s"));

    answer_conditions corrected{.clock_offset = seconds{-7200}, .wall_now = now};
    auto second = refused(source::account, 400, body, corrected, dated);
    CHECK(second.kind == failure_class::permanent);
    CHECK_FALSE(second.clock_skew);
    CHECK(second.failure.code == "google_credentials_clock_skew");
    CHECK_THAT(second.failure.message, Contains("sudo hwclock -s"));

    auto undated = refused(source::account, 400, body, {.wall_now = now});
    CHECK(undated.failure.code == "google_credentials_clock_skew");
}

TEST_CASE("Retry-After is read in both forms and capped", "[google][token_refusal]") {
    auto wait = [](std::string value) {
        return refused(source::user, 503, "", {.wall_now = seconds{784111777}},
                       {{"retry-after", std::move(value)}})
            .retry_after;
    };
    CHECK(wait("7") == seconds{7});
    CHECK(wait("3600") == seconds{60});
    CHECK(wait("Sun, 06 Nov 1994 08:49:47 GMT") == seconds{10});
    CHECK(wait("Sun, 06 Nov 1994 08:00:00 GMT") == seconds{0});
    CHECK_FALSE(wait("soon"));
    CHECK_FALSE(wait("-1"));
    CHECK_FALSE(wait(""));
}

TEST_CASE("a server's words are cut and cleaned", "[google][token_refusal]") {
    auto said = parse_refusal(R"({"error":"a\r\nb\u001b[31m","error_description":")" +
                              std::string(500, '.') + "\"}");
    CHECK(said.error == "a b [31m");
    CHECK(said.description == std::string(200, '.') + "...");
    CHECK(parse_refusal("no json").error.empty());
    CHECK(parse_refusal("[]").description.empty());
    CHECK(parse_refusal(R"({"error":7})").error.empty());
}

TEST_CASE("a server that repeats the request tells no secret", "[google][token_refusal]") {
    for (std::string form : {"refresh_token=1//0QAPSRbVTknEJy-4lo6ttVKFajteeZ0FMx",
                             "client_secret=GOCSPX-d-pnUECpQN5MpztxIKFH1z",
                             "assertion=eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9"}) {
        auto secret_part = form.substr(form.size() - 20);
        for (auto const& body : {R"({"error":"invalid_grant","error_description":")" + form + "\"}",
                                 R"({"error":")" + form + "\"}",
                                 R"({"error":{"status":")" + form + R"(","message":")" + form +
                                     "\"}}"}) {
            auto message = refused(source::user, 400, body).failure.message;
            CHECK_THAT(message, !Contains(secret_part) && Contains("[...]"));
        }
    }
}
