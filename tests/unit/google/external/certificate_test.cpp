#include "core/google/external/certificate_search.hpp"

#include "core/base64.hpp"
#include "core/google/form.hpp"
#include "unit/google/chain_rig.hpp"
#include "unit/google/external/external_samples.hpp"
#include "unit/google/external/test_certificate.hpp"
#include "unit/google/samples.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using namespace vertex_relay::core::google;
using namespace vertex_relay::test;
using Catch::Matchers::Contains;

namespace {

constexpr auto source = R"({"certificate":{"certificate_config_location":"/config.json"}})";
constexpr auto chained = R"({"certificate":{"certificate_config_location":"/config.json",)"
                         R"("trust_chain_path":"/chain.pem"}})";

test_certificate const& leaf() {
    static auto const made = make_test_certificate("workload");
    return made;
}
test_certificate const& issuer() {
    static auto const made = make_test_certificate("issuer");
    return made;
}

chain_rig rig_with(std::string_view of) {
    chain_rig rig(external_credential(of));
    rig.files = {{"/config.json", R"({"cert_configs":{"workload":{"cert_path":"/cert.pem",)"
                                  R"("key_path":"/key.pem"}}})"},
                 {"/cert.pem", leaf().pem},
                 {"/key.pem", leaf().key_pem}};
    rig.server = [](token_call const&) -> call_outcome { return token_answer("sts-fake"); };
    return rig;
}

std::string subject_of(token_call const& call) {
    auto body = std::string(call.body.reveal());
    auto at = body.find("subject_token=") + 14;
    return body.substr(at, body.find('&', at) - at);
}

} // namespace

TEST_CASE("the certificate is the subject token and is shown", "[google][external]") {
    auto rig = rig_with(source);
    rig.server = [](token_call const& call) -> call_outcome {
        CHECK(subject_of(call) == "%5B%22" + percent_encoded(base64(leaf().der)) + "%22%5D");
        REQUIRE(call.identity);
        CHECK(call.identity->certificates.reveal() == leaf().pem);
        CHECK(call.identity->key.reveal() == leaf().key_pem);
        return token_answer("sts-fake");
    };
    REQUIRE(rig.run());
    CHECK(rig.seen == std::vector<std::string>{"read /config.json", "read /cert.pem",
                                               "read /key.pem",
                                               "POST https://sts.googleapis.com/v1/token"});
}

TEST_CASE("the configuration's place may come from the surroundings", "[google][external]") {
    auto by_default = R"({"certificate":{"use_default_certificate_config":true}})";
    chain_rig rig(external_credential(by_default));
    rig.variables = environment({{"HOME", "/home/u"}});
    CHECK_FALSE(rig.run());
    rig.variables = environment({{"CLOUDSDK_CONFIG", "/g"}, {"HOME", "/home/u"}});
    CHECK_FALSE(rig.run());
    rig.variables = environment(
        {{"CLOUDSDK_CONFIG", "/g"}, {"GOOGLE_API_CERTIFICATE_CONFIG", "/variable.json"}});
    CHECK_FALSE(rig.run());
    CHECK(rig.seen ==
          std::vector<std::string>{"read /home/u/.config/gcloud/certificate_config.json",
                                   "read /g/certificate_config.json", "read /variable.json"});
}

TEST_CASE("a trust chain follows the certificate, which stands in it first or not at all",
          "[google][external]") {
    auto both = "[\"" + base64(leaf().der) + "\",\"" + base64(issuer().der) + "\"]";
    auto rig = rig_with(chained);
    rig.server = [&](token_call const& call) -> call_outcome {
        CHECK(subject_of(call) == percent_encoded(both));
        return token_answer("sts-fake");
    };
    SECTION("without it") {
        rig.files["/chain.pem"] = issuer().pem;
        CHECK(rig.run());
    }
    SECTION("with it in front") {
        rig.files["/chain.pem"] = "# a comment\n" + leaf().pem + "\n" + issuer().pem;
        CHECK(rig.run());
    }
    SECTION("with it behind") {
        rig.files["/chain.pem"] = issuer().pem + leaf().pem;
        auto token = rig.run();
        REQUIRE_FALSE(token);
        CHECK_THAT(token.error().failure.message,
                   Contains("/chain.pem") && Contains("not as the first"));
        CHECK(rig.bodies.empty());
    }
}

TEST_CASE("each file of a certificate may be wrong", "[google][external]") {
    struct row {
        std::string path, text, says;
    };
    auto cut = leaf().pem.substr(0, leaf().pem.size() / 2);
    auto sample = GENERATE_COPY(values<row>({
        {"/config.json", "", "cert_configs.workload"},
        {"/config.json", "{}", "cert_configs.workload"},
        {"/config.json", R"({"cert_configs":{"workload":{"cert_path":"/c"}}})", "key_path"},
        {"/cert.pem", "", "no PEM certificate"},
        {"/cert.pem", "canary", "no PEM certificate"},
        {"/cert.pem", leaf().key_pem, "no PEM certificate"},
        {"/cert.pem", cut, "cannot be read"},
        {"/cert.pem", leaf().pem + cut, "cannot be read"},
        {"/chain.pem", "canary", "no PEM certificate"},
        {"/key.pem", "canary", "not a PEM private key"},
        {"/key.pem", private_key(key_form::pkcs8_encrypted), "without a password"},
        {"/key.pem", issuer().key_pem, "not the key of the certificate"},
    }));
    CAPTURE(sample.path, sample.says);
    auto rig = rig_with(chained);
    rig.files["/chain.pem"] = issuer().pem;
    rig.files[sample.path] = sample.text;
    auto token = rig.run();
    REQUIRE_FALSE(token);
    CHECK(rig.bodies.empty());
    CHECK(token.error().kind == failure_class::slow);
    CHECK(token.error().failure.code == "google_credentials_certificate");
    CHECK_THAT(token.error().failure.message,
               Contains(sample.path) && Contains(sample.says) && !Contains("canary"));
}

TEST_CASE("each file of a certificate may be missing", "[google][external]") {
    auto path = GENERATE(as<std::string>{}, "/config.json", "/cert.pem", "/chain.pem", "/key.pem");
    auto rig = rig_with(chained);
    rig.files["/chain.pem"] = issuer().pem;
    rig.files.erase(path);
    auto token = rig.run();
    REQUIRE_FALSE(token);
    CHECK(token.error().failure.code == "google_credentials_source_file");
    CHECK_THAT(token.error().failure.message, Contains(path + " does not exist"));
}
