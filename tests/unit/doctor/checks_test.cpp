#include "core/doctor/google_checks.hpp"
#include "core/doctor/here_checks.hpp"
#include "core/doctor/report.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace vertex_relay::core;
using namespace vertex_relay::core::doctor;

TEST_CASE("the remedy is the command in a sentence", "[doctor]") {
    CHECK(command_in("Run `gcloud auth application-default login`, or set X.") ==
          "gcloud auth application-default login");
    CHECK(command_in("Add `x` first (WSL: `sudo hwclock -s`).") == "sudo hwclock -s");
    CHECK(command_in("Enable the API: gcloud services enable a --project p") ==
          "gcloud services enable a --project p");
    CHECK(command_in("`gcloud ").empty() == false);
    CHECK(command_in("`model` is neither").empty());
    CHECK(command_in("").empty());
}

TEST_CASE("a clock matters from a minute on", "[doctor]") {
    using google::seconds;
    CHECK(clock_check(std::nullopt).outcome == verdict::skipped);
    CHECK(clock_check(seconds(60)).outcome == verdict::good);
    CHECK(clock_check(seconds(-60)).outcome == verdict::good);
    auto behind = clock_check(seconds(61));
    CHECK(behind.outcome == verdict::failed);
    CHECK(behind.found == "this machine's clock is 61 s behind Google's");
    CHECK(behind.remedy.contains("timedatectl"));
    CHECK(clock_check(seconds(-3600)).found.contains("ahead of"));
}

TEST_CASE("a relay that runs is no fault of an address, another program is", "[doctor]") {
    address_facts facts{.address = *parse_listen_address("[::1]:8642"), .setting = "--listen"};
    CHECK(listener_check(facts).name == "listen [::1]:8642");
    facts.use = address_use::relay;
    CHECK(listener_check(facts).outcome == verdict::good);
    facts.use = address_use::other;
    CHECK(listener_check(facts).outcome == verdict::failed);
    CHECK(listener_check(facts).remedy.starts_with("vertex-relay --listen"));
    facts.use = address_use::missing;
    CHECK(listener_check(facts).outcome == verdict::failed);
    facts.optional = true;
    CHECK(listener_check(facts).outcome == verdict::skipped);
}

TEST_CASE("the report counts, and one failure is enough for exit code 1", "[doctor]") {
    std::array<check, 3> checks{{{.name = "a", .found = "fine \"quoted\""},
                                 {.name = "b", .outcome = verdict::skipped, .found = "unknown"},
                                 failed_check("c", "Run `gcloud x`.")}};
    CHECK(exit_code(checks) == 1);
    CHECK(exit_code(std::span(checks).first(2)) == 0);
    auto text = report(checks, report_style::plain);
    CHECK(text.contains("ok   a  fine"));
    CHECK(text.contains("FAIL c  Run `gcloud x`.\n     → gcloud x\n"));
    CHECK(text.ends_with("\n1 of 3 checks failed, 1 skipped.\n"));
    CHECK(report(checks, report_style::coloured).contains("✗"));
    auto json = report(checks, report_style::json);
    CHECK(json.starts_with(R"({"ok":false,"checks":[{"name":"a","outcome":"ok",)"));
    CHECK(json.contains(R"("remedy":"gcloud x")"));
}

TEST_CASE("a wrong configuration is a check that names each fault", "[doctor]") {
    std::vector<std::string> const files{"/etc/a.toml"};
    std::vector<std::string> faults;
    CHECK(configuration_check({}, files, faults).outcome == verdict::good);
    faults.emplace_back("--workers: workers: expected 1");
    auto one = configuration_check({}, files, faults);
    CHECK(one.outcome == verdict::failed);
    CHECK(one.found == faults[0]);
    CHECK(one.steps.size() == 1);
    faults.emplace_back("prices_file: cannot read");
    auto two = configuration_check({}, files, faults);
    CHECK(two.found == "2 errors");
    CHECK(two.steps.size() == 3);
}

TEST_CASE("a relay that runs lets a client in or does not", "[doctor]") {
    client_facts facts{.address = *parse_listen_address("127.0.0.1:8642"), .key_file = "/key"};
    auto told = [&facts](int status) {
        facts.status = status;
        return client_check(facts);
    };
    CHECK(told(200).found == "served with the key in /key");
    CHECK(told(0).found == "the relay that runs does not answer");
    CHECK(told(403).found.contains("status 403"));
    CHECK(told(401).remedy.contains("SIGHUP"));
    facts.key_file.clear();
    CHECK(told(200).outcome == verdict::good);
    CHECK(told(401).outcome == verdict::failed);
    CHECK(told(401).remedy.contains("--access-api-key-file"));
}
