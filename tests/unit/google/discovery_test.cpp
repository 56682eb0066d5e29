#include "core/google/discovery.hpp"

#include "unit/google/samples.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using namespace vertex_relay::core::google;
using Catch::Matchers::Contains;
using vertex_relay::test::user_file;
using kind = file_outcome::kind;

namespace {

constexpr auto well_known = "/home/u/.config/gcloud/application_default_credentials.json";

environment with(environment::variables values) {
    values.emplace("HOME", "/home/u");
    return environment(std::move(values));
}

std::string path_wanted(discovery const& search) {
    auto action = search.next();
    auto const* read = std::get_if<read_file>(&action);
    return read != nullptr ? read->path : "";
}

bool ended(discovery const& search) {
    return std::holds_alternative<search_ended>(search.next());
}

file_outcome text(std::string content) {
    return {.what = kind::text, .text = secret(std::move(content))};
}

} // namespace

TEST_CASE("what the operator names is the only place looked at", "[google][discovery]") {
    discovery search({.credentials = "/k.json"}, with({{"GOOGLE_APPLICATION_CREDENTIALS", "/v"}}));
    CHECK(path_wanted(search) == "/k.json");
    search.file_read({.what = kind::not_found});
    REQUIRE(ended(search));
    auto found = search.take();
    REQUIRE_FALSE(found);
    CHECK(found.error().failure.code == "google_credentials_file_missing");
    CHECK(search.watched_paths() == std::vector<std::string>{"/k.json"});
}

TEST_CASE("the variable comes first and never falls through", "[google][discovery]") {
    auto outcome = GENERATE(kind::not_found, kind::is_directory, kind::unreadable, kind::too_large,
                            kind::failed);
    discovery search({}, with({{"GOOGLE_APPLICATION_CREDENTIALS", "/v.json"}}));
    CHECK(path_wanted(search) == "/v.json");
    search.file_read({.what = outcome});
    REQUIRE(ended(search));
    CHECK_FALSE(search.take());
    CHECK(search.steps().size() == 1);
}

TEST_CASE("a broken document ends the search too", "[google][discovery]") {
    discovery search({}, with({{"GOOGLE_APPLICATION_CREDENTIALS", "/v.json"}}));
    search.file_read(text("[]"));
    REQUIRE(ended(search));
    CHECK(search.take().error().failure.code == "google_credentials_bad_file");
}

TEST_CASE("JSON in the variable is refused without being read", "[google][discovery]") {
    discovery search({}, with({{"GOOGLE_APPLICATION_CREDENTIALS", R"({"k":"canary"})"}}));
    REQUIRE(ended(search));
    CHECK(search.watched_paths().empty());
    CHECK_THAT(search.steps().at(0).result, !Contains("canary"));
    CHECK_THAT(search.take().error().failure.message, Contains("JSON text"));
}

TEST_CASE("the login of gcloud comes second", "[google][discovery]") {
    discovery search({}, with({{"GOOGLE_APPLICATION_CREDENTIALS", ""}}));
    auto action = search.next();
    auto const* read = std::get_if<read_file>(&action);
    REQUIRE(read != nullptr);
    CHECK(read->path == well_known);
    CHECK(read->sibling == "/home/u/.config/gcloud/credentials.db");
    search.file_read(text(user_file()));
    REQUIRE(ended(search));
    auto found = search.take();
    REQUIRE(found);
    CHECK(found->origin == well_known);
    REQUIRE(search.steps().size() == 2);
    CHECK(search.steps()[0].result == "not set");
    CHECK_THAT(search.steps()[1].result, Contains("used: authorized_user"));
}

TEST_CASE("a login that others may read is used, and said to be", "[google][discovery]") {
    auto mode = GENERATE(0600U, 0400U, 0644U, 0640U);
    discovery search({}, with({}));
    auto outcome = text(user_file());
    outcome.mode = mode;
    search.file_read(std::move(outcome));
    CHECK(search.take());
    bool open = mode == 0644U || mode == 0640U;
    CHECK(search.steps().back().result.ends_with("(chmod 600)") == open);
}

TEST_CASE("gcloud's login is used when it is asked for", "[google][discovery]") {
    discovery search({.credentials = "gcloud"}, with({{"GOOGLE_APPLICATION_CREDENTIALS", "/v"}}));
    REQUIRE(ended(search));
    auto found = search.take();
    REQUIRE(found);
    CHECK(type_name(*found) == "gcloud login");
    CHECK(search.watched_paths().empty());
}

TEST_CASE("an unreadable login file is an error, not a reason to look on", "[google][discovery]") {
    discovery search({}, with({}));
    search.file_read({.what = kind::unreadable, .owner_uid = 0, .process_uid = 5, .mode = 0600});
    REQUIRE(ended(search));
    CHECK(search.take().error().failure.code == "google_credentials_unreadable");
}

TEST_CASE("CLOUDSDK_CONFIG moves the login file", "[google][discovery]") {
    discovery search({}, with({{"CLOUDSDK_CONFIG", "/g"}}));
    CHECK(path_wanted(search) == "/g/application_default_credentials.json");
    search.file_read({.what = kind::not_found});
    CHECK(std::holds_alternative<probe_metadata>(search.next())); // not back to HOME
    CHECK(gcloud_directory(environment{}).empty());
}

TEST_CASE("the metadata server comes last and is probed", "[google][discovery]") {
    discovery search({}, with({}));
    search.file_read({.what = kind::not_found});
    auto action = search.next();
    auto const* probe = std::get_if<probe_metadata>(&action);
    REQUIRE(probe != nullptr);
    CHECK(probe->server.host == "169.254.169.254");
    CHECK(probe->server.port == 80);
    search.probed(probe_outcome::google);
    auto found = search.take();
    REQUIRE(found);
    CHECK(type_name(*found) == "metadata server");
}

TEST_CASE("signs of a Google machine save the probe", "[google][discovery]") {
    auto name = GENERATE(as<std::string>{}, "GCE_METADATA_HOST", "GCE_METADATA_ROOT");
    discovery search({}, with({{name, "127.0.0.1:8080"}}));
    search.file_read({.what = kind::not_found});
    REQUIRE(ended(search));
    auto found = search.take();
    REQUIRE(found);
    CHECK(std::get<metadata_server>(found->source).port == 8080);

    discovery machine({.product_name = "Google Compute Engine\n"}, with({}));
    machine.file_read({.what = kind::not_found});
    REQUIRE(ended(machine));
    CHECK(machine.take());
}

TEST_CASE("in a cluster a strange answer is believed, elsewhere not", "[google][discovery]") {
    discovery cluster({}, with({{"KUBERNETES_SERVICE_HOST", "10.0.0.1"}}));
    cluster.file_read({.what = kind::not_found});
    cluster.probed(probe_outcome::other);
    CHECK(cluster.take());

    discovery laptop({}, with({}));
    laptop.file_read({.what = kind::not_found});
    laptop.probed(probe_outcome::other);
    CHECK(laptop.take().error().failure.code == "google_credentials_not_found");
}

TEST_CASE("NO_GCE_CHECK keeps the metadata server out", "[google][discovery]") {
    auto value = GENERATE(as<std::string>{}, "true", "TRUE", "1", "yes");
    discovery search({}, with({{"NO_GCE_CHECK", value}, {"GCE_METADATA_HOST", "h"}}));
    search.file_read({.what = kind::not_found});
    REQUIRE(ended(search));
    CHECK(search.take().error().failure.code == "google_credentials_not_found");
    discovery asked({}, with({{"NO_GCE_CHECK", "false"}}));
    asked.file_read({.what = kind::not_found});
    CHECK(std::holds_alternative<probe_metadata>(asked.next()));
}

TEST_CASE("finding nothing lists every place and three ways out", "[google][discovery]") {
    discovery search({}, with({}));
    search.file_read({.what = kind::not_found});
    search.probed(probe_outcome::unreachable);
    auto found = search.take();
    REQUIRE_FALSE(found);
    CHECK(found.error().kind == failure_class::slow); // a pod's metadata server may come up yet
    CHECK(found.error().failure.status == 400);
    auto const& message = found.error().failure.message;
    CHECK_THAT(message, Contains("gcloud auth application-default login"));
    CHECK_THAT(message, Contains("GOOGLE_APPLICATION_CREDENTIALS: not set"));
    CHECK_THAT(message, Contains(std::string(well_known) + ": not found"));
    CHECK_THAT(message, Contains("metadata server 169.254.169.254:80: no answer"));
}

TEST_CASE("gcloud's other login is pointed out", "[google][discovery]") {
    discovery search({}, with({{"NO_GCE_CHECK", "1"}}));
    search.file_read({.what = kind::not_found, .sibling_exists = true});
    CHECK_THAT(search.take().error().failure.message, Contains("need a second login"));
}

TEST_CASE("the metadata server can be demanded", "[google][discovery]") {
    discovery search({.credentials = "metadata"}, with({{"NO_GCE_CHECK", "1"}}));
    REQUIRE(ended(search));
    auto found = search.take();
    REQUIRE(found);
    CHECK(std::get<metadata_server>(found->source).assumed);
}

TEST_CASE("a metadata address is host and port only", "[google][discovery]") {
    auto server = find_metadata_server(with({{"GCE_METADATA_HOST", "[fd00::1]:99"}}), "");
    REQUIRE(server);
    CHECK(server->host == "fd00::1");
    CHECK(server->port == 99);
    auto name = find_metadata_server(
        with({{"GCE_METADATA_HOST", "Metadata.google.internal"}, {"GCE_METADATA_ROOT", "x"}}), "");
    REQUIRE(name);
    CHECK(name->host == "metadata.google.internal");
    CHECK(name->port == 80);
    for (std::string bad : {"http://h", "h/path", "h:", "h:0", "h:70000", "u@h", "[::1", "a b"}) {
        CAPTURE(bad);
        auto refused = find_metadata_server(with({{"GCE_METADATA_HOST", bad}}), "");
        REQUIRE_FALSE(refused);
        CHECK(refused.error().failure.code == "google_credentials_bad_setting");
    }
}

TEST_CASE("an outcome nobody asked for changes nothing", "[google][discovery]") {
    discovery search({}, with({}));
    search.probed(probe_outcome::google);
    CHECK(path_wanted(search) == well_known);
    CHECK(search.take().error().kind == failure_class::transient);
}

TEST_CASE("the environment is a snapshot in which empty means unset", "[google][environment]") {
    char const* block[] = {"A=1", "B=", "C=x=y", "broken", nullptr};
    auto variables = environment::from_block(block);
    CHECK(variables.get("A") == "1");
    CHECK_FALSE(variables.has("B"));
    CHECK(variables.get("C") == "x=y");
    CHECK(variables.get("D").empty());
    CHECK_FALSE(environment::from_block(nullptr).has("A"));
}
