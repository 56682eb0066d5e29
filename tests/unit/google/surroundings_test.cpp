#include "core/google/surroundings.hpp"

#include "unit/google/samples.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core::google;
using Catch::Matchers::Contains;

TEST_CASE("the location is found in order", "[google][surroundings]") {
    environment all({{"GOOGLE_CLOUD_LOCATION", "a"},
                     {"CLOUD_ML_REGION", "b"},
                     {"GOOGLE_CLOUD_REGION", "c"}});
    CHECK(find_location("us-east5", all).value == "us-east5");
    CHECK(find_location("us-east5", all).origin == "google.location");
    CHECK(find_location("", all).value == "a");
    CHECK(find_location("", environment({{"CLOUD_ML_REGION", "b"}})).origin == "CLOUD_ML_REGION");
    CHECK(find_location("", environment({{"GOOGLE_CLOUD_REGION", "c"}})).value == "c");
    CHECK(find_location("", environment{}).value == "global");
}

TEST_CASE("the quota project is found in order and can be turned off", "[google][surroundings]") {
    auto user = vertex_relay::test::user_credential();
    user.quota_project = "quota-from-file";
    environment variables({{"GOOGLE_CLOUD_QUOTA_PROJECT", "from-variable"}});
    CHECK(find_quota_project("own", variables, user).value == "own");
    CHECK(find_quota_project("", variables, user).value == "from-variable");
    CHECK(find_quota_project("", environment{}, user).value == "quota-from-file");
    CHECK(find_quota_project("", environment{}, user).origin == "/adc.json");
    CHECK(find_quota_project("none", variables, user).value.empty());
    CHECK(find_quota_project("", environment{}, vertex_relay::test::metadata_credential())
              .value.empty());
}

TEST_CASE("a token never leaves the universe of its credential", "[google][surroundings]") {
    auto account =
        vertex_relay::test::account_credential(R"(,"universe_domain":"example.goog")");
    auto own = settle_universe("", environment{}, account);
    REQUIRE(own);
    CHECK(own->value == "example.goog");
    CHECK(own->origin == "/adc.json");
    auto same = settle_universe("example.goog", environment{}, account);
    REQUIRE(same);
    CHECK(same->origin == "google.universe_domain");

    auto other = settle_universe("googleapis.com", environment{}, account);
    REQUIRE_FALSE(other);
    CHECK(other.error().kind == failure_class::permanent);
    CHECK(other.error().failure.code == "google_credentials_universe_mismatch");
    CHECK_FALSE(settle_universe(
        "", environment({{"GOOGLE_CLOUD_UNIVERSE_DOMAIN", "googleapis.com"}}), account));
    CHECK(settle_universe("", environment{}, vertex_relay::test::user_credential())->value ==
          "googleapis.com");
}

TEST_CASE("a pod that goes by its node's account is told so", "[google][surroundings]") {
    auto machine = vertex_relay::test::metadata_credential();
    environment pod({{"KUBERNETES_SERVICE_HOST", "10.0.0.1"}});
    CHECK(doubt_about(machine, pod).empty());
    machine.account = "123-compute@developer.gserviceaccount.com";
    CHECK_THAT(doubt_about(machine, pod), Contains("hostNetwork") && Contains("kubectl annotate"));
    CHECK(doubt_about(machine, environment{}).empty()); // a plain machine: as it should be
    machine.account = "own@p.iam.gserviceaccount.com";
    CHECK(doubt_about(machine, pod).empty());
    auto user = vertex_relay::test::user_credential();
    user.account = "123-compute@developer.gserviceaccount.com";
    CHECK(doubt_about(user, pod).empty());
}
