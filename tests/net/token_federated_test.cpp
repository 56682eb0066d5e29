// Every credential file the simulator writes buys a token from it.

#include "net/token_rig.hpp"
#include "simulator/simulator.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;
using core::google::environment;

std::unique_ptr<simulator::instance> vertex() {
    auto started = simulator::instance::start({});
    REQUIRE(started);
    return std::move(*started);
}

environment allowing_programs() {
    return environment(
        {{"PATH", "/usr/bin:/bin"}, {"GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES", "1"}});
}

/// The simulator under the names of Google's servers.
std::vector<std::string> resolved_to(simulator::instance const& google) {
    return {fmt::format("iamcredentials.googleapis.com:443=127.0.0.1:{}", google.port()),
            fmt::format("sts.mtls.googleapis.com:443=127.0.0.1:{}", google.port())};
}

constexpr auto acting_account = "acting@sim-project.iam.gserviceaccount.com";

} // namespace

TEST_CASE("each type of credential buys a token", "[token_source][simulator]") {
    struct row {
        std::string file, type, account;
        std::uint64_t grants;
    };
    auto sample = GENERATE(values<row>({
        {"impersonated.json", "authorized_user", acting_account, 2},
        {"workforce.json", "external_account_authorized_user", "", 1},
        {"wif-file.json", "external_account", acting_account, 2},
        {"wif-url.json", "external_account", "", 1},
        {"wif-aws.json", "external_account", "", 1},
        {"wif-x509.json", "external_account", "", 1},
        {"wif-executable.json", "external_account", "", 1},
    }));
    CAPTURE(sample.file);
    auto google = vertex();
    token_rig rig({.credentials = google->file(sample.file).string(),
                   .variables = allowing_programs(),
                   .ca_file = google->ca_file().string()});
    auto token = rig.get();
    INFO(rig.log.text());
    REQUIRE(token);
    CHECK(google->seen().token_grants == sample.grants);
    auto who = rig.source.who();
    CHECK(who->account == sample.account);
    CHECK(who->description.starts_with(sample.type + " from /"));
    CHECK(rig.log.text().find(std::string((*token)->value.reveal())) == std::string::npos);
}

TEST_CASE("a service account may be acted as from any of them", "[token_source][simulator]") {
    auto file = GENERATE(as<std::string>{}, "adc.json", "sa.json", "impersonated.json",
                         "workforce.json", "wif-file.json", "wif-aws.json");
    CAPTURE(file);
    auto google = vertex();
    token_rig rig({.credentials = google->file(file).string(),
                   .ca_file = google->ca_file().string(),
                   .impersonate = "target@p.iam.gserviceaccount.com,via@p.iam.gserviceaccount.com",
                   .resolve = resolved_to(*google)});
    auto token = rig.get();
    INFO(rig.log.text());
    REQUIRE(token);
    auto who = rig.source.who();
    CHECK(who->account == "target@p.iam.gserviceaccount.com");
    CHECK(who->description.ends_with("acting as target@p.iam.gserviceaccount.com"));
}

TEST_CASE("the machine's own account may act as another", "[token_source][simulator]") {
    auto google = vertex();
    environment variables(
        {{"GCE_METADATA_HOST", fmt::format("127.0.0.1:{}", google->metadata_port())}});
    token_rig rig({.credentials = "metadata",
                   .variables = variables,
                   .ca_file = google->ca_file().string(),
                   .impersonate = "target@p.iam.gserviceaccount.com",
                   .resolve = resolved_to(*google)});
    REQUIRE(rig.get());
    CHECK(google->seen().metadata_tokens == 1);
    CHECK(rig.source.who()->account == "target@p.iam.gserviceaccount.com");

    rig.clock.move(std::chrono::seconds(3100)); // the machine's token is good for a while yet
    rig.source.check();
    REQUIRE(rig.log.wait_for(io::token_event::renewed, 2));
    CHECK(google->seen().metadata_tokens == 1);
    CHECK(google->seen().token_grants == 2);
}

TEST_CASE("a certificate that is not the shown one is refused", "[token_source][simulator]") {
    auto google = vertex();
    auto other = vertex();
    scratch_directory files;
    auto config = files.write("config.json",
                              fmt::format(R"({{"cert_configs":{{"workload":{{"cert_path":"{}",)"
                                          R"("key_path":"{}"}}}}}})",
                                          other->file("client.pem").string(),
                                          google->file("client.key").string()));
    auto credentials = files.write(
        "wif.json",
        fmt::format(R"({{"type":"external_account","audience":"//iam.googleapis.com/projects/1",)"
                    R"("subject_token_type":"urn:ietf:params:oauth:token-type:mtls",)"
                    R"("credential_source":{{"certificate":{{"certificate_config_location":)"
                    R"("{}"}}}}}})",
                    config));
    token_rig rig({.credentials = credentials,
                   .ca_file = google->ca_file().string(),
                   .resolve = resolved_to(*google)});
    auto token = rig.get();
    REQUIRE_FALSE(token);
    CHECK(token.error().code == "google_credentials_certificate");
    CHECK(google->seen().token_requests == 0);

    // With its own key any certificate is shown, to the host that asks for one by default.
    files.write("config.json", fmt::format(R"({{"cert_configs":{{"workload":{{"cert_path":"{}",)"
                                           R"("key_path":"{}"}}}}}})",
                                           other->file("client.pem").string(),
                                           other->file("client.key").string()));
    rig.clock.move(std::chrono::seconds(2));
    CHECK(rig.get()); // picked up although the credential file itself did not change
}

TEST_CASE("a program is not run without the opt-in", "[token_source][simulator]") {
    auto google = vertex();
    token_rig rig({.credentials = google->file("wif-executable.json").string(),
                   .ca_file = google->ca_file().string()});
    auto token = rig.get();
    REQUIRE_FALSE(token);
    CHECK(token.error().code == "google_credentials_exec_not_allowed");
    CHECK(token.error().retry == core::retry_advice::never);
    CHECK(google->seen().token_requests == 0);
}
