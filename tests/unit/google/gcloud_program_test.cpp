#include "core/google/gcloud_program.hpp"

#include "unit/google/chain_rig.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using namespace vertex_relay::core::google;
using namespace vertex_relay::test;
using Catch::Matchers::Contains;

namespace {

chain_rig gcloud_rig(program_outcome outcome) {
    chain_rig rig(credential{.source = gcloud_login{}, .origin = "gcloud"});
    auto shared = std::make_shared<program_outcome>(std::move(outcome));
    rig.program = [shared](run_program const& wanted) {
        CHECK(wanted.variables == std::vector<std::pair<std::string, std::string>>{
                                      {"CLOUDSDK_CORE_DISABLE_PROMPTS", "1"}});
        CHECK(wanted.timeout == milliseconds{30'000});
        return std::move(*shared);
    };
    return rig;
}

program_outcome printed(std::string text) {
    return {.what = program_outcome::kind::exited, .status = 0, .output = secret(std::move(text))};
}

program_outcome complained(std::string errors) {
    return {.what = program_outcome::kind::exited, .status = 1, .errors = std::move(errors)};
}

std::string helper(std::string const& expiry) {
    return R"({"configuration":{"active_configuration":"default"},"credential":{"access_token":)"
           R"("ya29.fake-access","id_token":null,"token_expiry":)" +
           expiry + "}}";
}

} // namespace

TEST_CASE("gcloud is asked for a token with ten minutes left", "[google][gcloud]") {
    auto rig = gcloud_rig(printed(helper(R"("2026-01-02T03:21:52Z")")));
    auto token = rig.run();
    REQUIRE(token);
    CHECK(token->value.reveal() == "ya29.fake-access");
    CHECK(token->lifetime == seconds{17 * 60 + 47});
    CHECK(rig.seen == std::vector<std::string>{
                          "run gcloud config config-helper --format=json --min-expiry=10m"});
    CHECK(describe(rig.from) == "gcloud login");
}

TEST_CASE("a token of gcloud without an expiry is used for a while", "[google][gcloud]") {
    CHECK(gcloud_rig(printed(helper("null"))).run()->lifetime == seconds{300});
    CHECK(gcloud_rig(printed(R"({"credential":{"access_token":"t"}})")).run()->lifetime ==
          seconds{300});
}

TEST_CASE("useless output of gcloud is not quoted", "[google][gcloud]") {
    auto text = GENERATE(as<std::string>{}, "", "canary", "[]", "{}",
                         R"({"credential":{"access_token":""}})",
                         R"({"credential":{"access_token":"canary x"}})",
                         R"({"credential":{"access_token":"canary","token_expiry":"soon"}})",
                         R"({"credential":{"access_token":"canary","token_expiry":7}})",
                         R"({"credential":{"access_token":"canary","token_expiry":)"
                         R"("2026-01-02T03:04:05Z"}})");
    CAPTURE(text);
    auto token = gcloud_rig(printed(text)).run();
    REQUIRE_FALSE(token);
    CHECK(token.error().failure.code == "google_credentials_gcloud_failed");
    CHECK_THAT(token.error().failure.message, !Contains("canary"));
}

TEST_CASE("gcloud's complaints lead to its own login", "[google][gcloud]") {
    struct row {
        std::string errors, code;
    };
    auto sample = GENERATE(values<row>({
        {"ERROR: (gcloud.auth.print-access-token) There was a problem refreshing your current auth "
         "tokens: Reauthentication is needed. Please run `gcloud auth application-default login` "
         "to reauthenticate.\nPlease run:\n\n  $ gcloud auth login\n",
         "reauth_required"},
        {"ERROR: (gcloud.config.config-helper) There was a problem refreshing your current auth "
         "tokens: ('invalid_grant: Token has been expired or revoked.', {'error': "
         "'invalid_grant'})\nPlease run:\n\n  $ gcloud auth login\n",
         "revoked"},
        {"ERROR: (gcloud.config.config-helper) You do not currently have an active account "
         "selected.\nPlease run:\n\n  $ gcloud auth login\n",
         "not_found"},
    }));
    auto token = gcloud_rig(complained(sample.errors)).run();
    REQUIRE_FALSE(token);
    CHECK(token.error().failure.code == "google_credentials_" + sample.code);
    CHECK(token.error().kind == failure_class::slow);
    CHECK(token.error().failure.status == 400);
    CHECK_THAT(token.error().failure.message,
               Contains("run `gcloud auth login`") && !Contains("application-default"));
}

TEST_CASE("gcloud may not be there, or not end", "[google][gcloud]") {
    auto missing = gcloud_rig({.what = program_outcome::kind::not_found}).run();
    REQUIRE_FALSE(missing);
    CHECK(missing.error().failure.code == "google_credentials_gcloud_missing");
    auto late = gcloud_rig({.what = program_outcome::kind::timed_out}).run();
    REQUIRE_FALSE(late);
    CHECK_THAT(late.error().failure.message, Contains("did not end in time"));
    auto odd = gcloud_rig(complained("Traceback: ya29.A0ARrdaM8xJ5kz_0123456789abcdef")).run();
    REQUIRE_FALSE(odd);
    CHECK_THAT(odd.error().failure.message,
               Contains("status 1") && Contains("Traceback") && !Contains("A0ARrd"));
}
