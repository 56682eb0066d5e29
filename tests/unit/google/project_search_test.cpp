#include "core/google/project_search.hpp"

#include "unit/google/samples.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using namespace vertex_relay::core::google;
using Catch::Matchers::Contains;
using kind = file_outcome::kind;

namespace {

environment with(environment::variables values) {
    values.emplace("HOME", "/h");
    return environment(std::move(values));
}

file_outcome text(std::string content) {
    return {.what = kind::text, .text = secret(std::move(content))};
}

std::string path_wanted(project_search const& search) {
    auto action = search.next();
    auto const* read = std::get_if<read_file>(&action);
    return read != nullptr ? read->path : "";
}

bool ended(project_search const& search) {
    return std::holds_alternative<search_ended>(search.next());
}

} // namespace

TEST_CASE("the project is looked for from near to far", "[google][project]") {
    auto account = vertex_relay::test::account_credential();
    environment::variables both{{"GOOGLE_CLOUD_PROJECT", "first-project"},
                                {"GCLOUD_PROJECT", "second-project"}};
    project_search configured("own-project", with(both), &account);
    CHECK(configured.found().value == "own-project");
    CHECK(configured.found().origin == "google.project");

    project_search first("", with(both), &account);
    CHECK(first.found().value == "first-project");
    both["GOOGLE_CLOUD_PROJECT"] = "";
    project_search second("", with(both), &account);
    CHECK(second.found().value == "second-project");

    project_search file("", with({}), &account);
    REQUIRE(ended(file));
    CHECK(file.found().value == "example-project");
    CHECK(file.found().origin == "/adc.json");
}

TEST_CASE("gcloud's active configuration names the project", "[google][project]") {
    auto user = vertex_relay::test::user_credential();
    project_search search("", with({}), &user);
    CHECK(path_wanted(search) == "/h/.config/gcloud/active_config");
    search.file_read(text("work\n"));
    CHECK(path_wanted(search) == "/h/.config/gcloud/configurations/config_work");
    search.file_read(text("[core]\nproject = my-project\n"));
    REQUIRE(ended(search));
    CHECK(search.found().value == "my-project");
    CHECK(search.found().origin == "/h/.config/gcloud/configurations/config_work");
}

TEST_CASE("without an active configuration the default one is read", "[google][project]") {
    auto outcome = GENERATE(as<std::string>{}, "", "../../etc/passwd", "a/b");
    project_search search("", with({}), nullptr);
    search.file_read(outcome.empty() ? file_outcome{.what = kind::not_found} : text(outcome));
    CHECK(path_wanted(search) == "/h/.config/gcloud/configurations/config_default");
    search.file_read({.what = kind::not_found});
    REQUIRE(ended(search));
    CHECK(search.found().value.empty());
    CHECK(search.found().origin.empty());
}

TEST_CASE("gcloud's own variables count as gcloud does", "[google][project]") {
    project_search named("", with({{"CLOUDSDK_ACTIVE_CONFIG_NAME", "home"}}), nullptr);
    CHECK(path_wanted(named) == "/h/.config/gcloud/configurations/config_home");
    project_search direct("", with({{"CLOUDSDK_CORE_PROJECT", "direct-project"}}), nullptr);
    CHECK(direct.found().value == "direct-project");
}

TEST_CASE("the metadata server is asked last, on its own machines only", "[google][project]") {
    auto machine = vertex_relay::test::metadata_credential();
    project_search search("", environment{}, &machine);
    CHECK(std::holds_alternative<ask_metadata>(search.next()));
    search.metadata_said("fake-project\n");
    REQUIRE(ended(search));
    CHECK(search.found().value == "fake-project");
    CHECK(search.found().origin == "metadata server");

    project_search silent("", environment{}, &machine);
    silent.metadata_said(std::nullopt);
    CHECK(ended(silent));
    CHECK(silent.found().value.empty());

    auto user = vertex_relay::test::user_credential();
    CHECK(ended(project_search("", environment{}, &user)));
}

TEST_CASE("a wrong project is said, not replaced", "[google][project]") {
    project_search search("", with({{"GOOGLE_CLOUD_PROJECT", "My Project"},
                                    {"GCLOUD_PROJECT", "second-project"}}),
                          nullptr);
    REQUIRE(ended(search));
    CHECK(search.found().value.empty());
    CHECK(search.found().origin == "GOOGLE_CLOUD_PROJECT");
    CHECK_THAT(search.steps().back().result, Contains("\"My Project\" is not a project id"));
}

TEST_CASE("INI text is read as gcloud writes it", "[google][project]") {
    CHECK(project_in_configuration("[core]\naccount = a\nproject = p\n[ai]\nproject = q\n") == "p");
    CHECK(project_in_configuration("[ai]\nproject = q\n\n[core]\r\nproject=p\r\n") == "p");
    CHECK(project_in_configuration("project = p\n") == "");
    CHECK(project_in_configuration("[core]\n# project = p\nprojects = p\n") == "");
    CHECK(project_in_configuration("") == "");
}
