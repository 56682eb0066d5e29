#include "io/find_project.hpp"
#include "net/token_rig.hpp"
#include "simulator/simulator.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;
using core::google::environment;
using io::token_event;

std::unique_ptr<simulator::instance> vertex() {
    auto started = simulator::instance::start({});
    REQUIRE(started);
    return std::move(*started);
}

environment metadata_variables(simulator::instance const& at, scratch_directory const& files) {
    return environment({{"CLOUDSDK_CONFIG", files.path("gcloud")},
                        {"GCE_METADATA_HOST", fmt::format("127.0.0.1:{}", at.metadata_port())}});
}

} // namespace

TEST_CASE("a user's credential buys a token over TLS", "[token_source][simulator]") {
    auto google = vertex();
    environment variables(
        {{"GOOGLE_APPLICATION_CREDENTIALS", google->credentials_file().string()}});
    token_rig rig({.variables = variables, .ca_file = google->ca_file().string()});
    auto token = rig.get();
    INFO(rig.log.text());
    REQUIRE(token);
    CHECK((*token)->lifetime == std::chrono::seconds(3599));
    CHECK(google->seen().token_grants == 1);
    CHECK(rig.source.who()->quota_project_of_file == "sim-project");
}

TEST_CASE("a service account signs for its token", "[token_source][simulator]") {
    auto google = vertex();
    token_rig rig({.credentials = google->service_account_file().string(),
                   .ca_file = google->ca_file().string()});
    auto token = rig.get();
    INFO(rig.log.text());
    REQUIRE(token);
    CHECK(google->seen().token_grants == 1);
    auto who = rig.source.who();
    CHECK(who->account == "simulator@sim-project.iam.gserviceaccount.com");
    CHECK(who->project == "sim-project");
}

TEST_CASE("a wrong clock is corrected by the server's", "[token_source][simulator]") {
    auto google = vertex();
    token_rig rig({.credentials = google->service_account_file().string(),
                   .ca_file = google->ca_file().string(),
                   .clock_wrong_by = -std::chrono::hours(2)});
    auto token = rig.get();
    INFO(rig.log.text());
    CHECK(token);
    CHECK(google->seen().token_requests == 2);
}

TEST_CASE("the metadata server is found and asked", "[token_source][simulator]") {
    auto google = vertex();
    scratch_directory files;
    token_rig rig({.variables = metadata_variables(*google, files)});
    auto token = rig.get();
    INFO(rig.log.text());
    REQUIRE(token);
    CHECK(google->seen().metadata_tokens == 1);
    auto who = rig.source.who();
    CHECK(who->account == "simulator@sim-project.iam.gserviceaccount.com");
    CHECK(who->universe == "googleapis.com");
}

TEST_CASE("an untrusted token server gets no secret", "[token_source][simulator]") {
    auto google = vertex();
    token_rig rig({.credentials = google->credentials_file().string()}); // without its CA
    auto token = rig.get();
    REQUIRE_FALSE(token);
    CHECK(token.error().code == "google_credentials_tls_untrusted");
    CHECK(google->seen().token_requests == 0);
}

TEST_CASE("the project is found in Google's order", "[find_project][simulator]") {
    auto google = vertex();
    scratch_directory files;
    core::config settings;
    auto const sa_file = google->service_account_file().string();
    auto find = [&](environment::variables more) {
        more.emplace("CLOUDSDK_CONFIG", files.path("gcloud"));
        more.emplace("NO_GCE_CHECK", "true");
        return io::find_project(settings, environment(std::move(more)));
    };

    CHECK(find({}).value.empty());
    CHECK(find({{"GOOGLE_APPLICATION_CREDENTIALS", sa_file}}).origin.empty()); // host not allowed
    settings.google.allow_any_token_host = true;
    CHECK(find({{"GOOGLE_APPLICATION_CREDENTIALS", sa_file}}).value == "sim-project");

    files.write("gcloud/configurations/config_default", "[core]\nproject = from-gcloud\n");
    CHECK(find({}).value == "from-gcloud");
    CHECK(find({{"GOOGLE_CLOUD_PROJECT", "from-variable"}}).value == "from-variable");
    CHECK(find({{"GOOGLE_CLOUD_PROJECT", "Not A Project"}}).value.empty());
    settings.google.project = "from-settings";
    auto configured = find({{"GOOGLE_CLOUD_PROJECT", "from-variable"}});
    CHECK(configured.value == "from-settings");
    CHECK(configured.origin == "google.project");
}

TEST_CASE("the metadata server names the project", "[find_project][simulator]") {
    auto google = vertex();
    scratch_directory files;
    auto found = io::find_project({}, metadata_variables(*google, files));
    CHECK(found.value == "sim-project");
    CHECK(found.origin == "metadata server");
}
