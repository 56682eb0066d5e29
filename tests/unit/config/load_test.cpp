#include "core/config/check_config.hpp"
#include "core/config/load.hpp"
#include "unit/config/loading.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using test::errors_in;

TEST_CASE("without layers everything is the default", "[config]") {
    auto loaded = load({});
    REQUIRE(loaded);
    CHECK(loaded->config.listen.empty());
    CHECK(loaded->config.retry.max == 2);
    CHECK(loaded->origins.empty());
    CHECK(loaded->origin("retry.max") == "default");
}

TEST_CASE("later layers win key by key and are named as the origin", "[config]") {
    config_layers layers;
    layers.files.push_back({"/etc/relay.toml", "workers = 2\n[log]\nlevel = \"warn\"\n"});
    layers.files.push_back({"user.toml", "workers = 3\n[google]\nproject = \"from-file\"\n"});
    layers.variables.push_back({"workers", "4", "VERTEX_RELAY_WORKERS"});
    layers.variables.push_back({"log.format", "json", "VERTEX_RELAY_LOG_FORMAT"});
    layers.flags.push_back({"workers", "5", "--workers"});
    auto loaded = load(layers);
    REQUIRE(loaded);
    CHECK(loaded->config.workers == 5);
    CHECK(loaded->origin("workers") == "--workers");
    CHECK(loaded->config.log.level == "warn");
    CHECK(loaded->origin("log.level") == "/etc/relay.toml:3:1");
    CHECK(loaded->config.google.project == "from-file");
    CHECK(loaded->origin("google.project") == "user.toml:3:1");
    CHECK(loaded->config.log.format == "json");
    CHECK(loaded->origin("log.format") == "VERTEX_RELAY_LOG_FORMAT");
    CHECK(loaded->origin("log.access") == "default");
}

TEST_CASE("Google's variables fill what is still empty", "[config]") {
    auto layers = test::one_file("[google]\nproject = \"mine\"\nlocation = \"\"\n");
    layers.google_variables.push_back({"google.project", "theirs", "GOOGLE_CLOUD_PROJECT"});
    layers.google_variables.push_back({"google.location", "eu", "GOOGLE_CLOUD_LOCATION"});
    auto loaded = load(layers);
    REQUIRE(loaded);
    CHECK(loaded->config.google.project == "mine");
    CHECK(loaded->config.google.location == "eu");
    CHECK(loaded->origin("google.location") == "GOOGLE_CLOUD_LOCATION");
}

TEST_CASE("a syntax error is reported alone", "[config]") {
    auto errors = errors_in("lisen = 1\nworkers = = 2\n");
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].starts_with("relay.toml:2:11: not valid TOML: "));
    errors = errors_in("workers = 1\nworkers = 2\n");
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].starts_with("relay.toml:2:"));
}

TEST_CASE("all other errors are reported together, in the order of the file", "[config]") {
    auto errors = errors_in(R"(lisen = ["a"]
workers = 1.5
log = 3
retry = { max = 11, mix = 1 }
[google]
project = 7
quota-project = "x"
[google.inner]
x = 1
[acess]
)");
    REQUIRE(errors.size() == 9);
    CHECK(errors[0] == "relay.toml:1:1: lisen: unknown key, did you mean listen?");
    CHECK(errors[1] ==
          "relay.toml:2:11: workers: expected a whole number, not a number with a fraction");
    CHECK(errors[2] == "relay.toml:3:1: log: expected a table: [log]");
    CHECK(errors[3] == "relay.toml:4:17: retry.max: 11 is out of range 0 to 10");
    CHECK(errors[4] == "relay.toml:4:21: retry.mix: unknown key, did you mean retry.max?");
    CHECK(errors[5] == "relay.toml:6:11: google.project: expected a string in quotes");
    CHECK(errors[6] ==
          "relay.toml:7:1: google.quota-project: unknown key, did you mean google.quota_project?");
    CHECK(errors[7].find("google.inner: unknown key") != std::string::npos);
    CHECK(errors[8].find("acess: unknown key, did you mean access?") != std::string::npos);
}

TEST_CASE("errors of flags and variables name the flag and the variable", "[config]") {
    config_layers layers;
    layers.variables.push_back({"log.level", "loud", "VERTEX_RELAY_LOG_LEVEL"});
    layers.flags.push_back({"models", "a=gemini", "--model"});
    auto errors = test::errors_of(layers);
    REQUIRE(errors.size() == 2);
    CHECK(errors[0].starts_with("VERTEX_RELAY_LOG_LEVEL: log.level: \"loud\""));
    CHECK(errors[1].starts_with("--model: models.a.model: \"gemini\""));
}

TEST_CASE("types of TOML are not guessed", "[config]") {
    CHECK(errors_in("workers = \"2\"\n").size() == 1);
    CHECK(errors_in("listen = \"127.0.0.1:1\"\n").size() == 1);
    CHECK(errors_in("listen = [[\"127.0.0.1:1\"]]\n").size() == 1);
    CHECK(errors_in("[log]\naccess = 1\n").size() == 1);
    CHECK(errors_in("[log]\nlevel = 1979-05-27\n").size() == 1);
    CHECK(errors_in("[limits]\nbody_bytes = \"1MiB\"\n").empty());
    CHECK(errors_in("[access]\nallow_uid = [1000, \"1001\"]\n").empty());
}

TEST_CASE("check-config prints TOML that loads to the same configuration", "[config]") {
    auto layers = test::one_file(R"(listen = ["127.0.0.1:0", "unix:/run/a.sock"]
[models]
"a \"quoted\" name" = { endpoint = "1", location = "us-central1" }
"gpt-*" = "google/gemini-3.5-flash"
)");
    layers.flags.push_back({"timeouts.head_ms", "77", "--timeouts-head-ms"});
    auto loaded = load(layers);
    REQUIRE(loaded);
    auto text = check_config(*loaded);
    CHECK(text.find("head_ms = 77") != std::string::npos);
    CHECK(text.find("# --timeouts-head-ms\n") != std::string::npos);
    CHECK(text.find("# relay.toml:1:1\n") != std::string::npos);
    CHECK(text.find("# default\n") != std::string::npos);
    CHECK(text.find("# default: global\n") != std::string::npos);

    auto again = load(test::one_file(text));
    REQUIRE(again);
    CHECK(again->config.listen == loaded->config.listen);
    CHECK(again->config.timeouts.head_ms == milliseconds(77));
    REQUIRE(again->config.models.size() == 2);
    CHECK(again->config.models[0].name == "a \"quoted\" name");
    CHECK(again->config.models[0].endpoint == "1");
}
