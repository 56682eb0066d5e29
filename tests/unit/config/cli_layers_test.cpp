#include "cli_layers.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay;

namespace {

/// Files that exist only in the test.
file_reader reader_of(std::map<std::string, std::string> files) {
    return [files = std::move(files)](
               std::string const& path) -> std::expected<std::string, std::error_code> {
        auto found = files.find(path);
        if (found == files.end()) {
            return std::unexpected(std::make_error_code(std::errc::no_such_file_or_directory));
        }
        return found->second;
    };
}

} // namespace

TEST_CASE("the usual files follow the XDG base directory specification", "[cli]") {
    using paths = std::vector<std::string>;
    std::string const system = "/etc/vertex-relay/config.toml";
    CHECK(default_config_files({}) == paths{system});
    CHECK(default_config_files({{"HOME", "/home/a"}}) ==
          paths{system, "/home/a/.config/vertex-relay/config.toml"});
    CHECK(default_config_files({{"HOME", "/home/a"}, {"XDG_CONFIG_HOME", "/x"}}) ==
          paths{system, "/x/vertex-relay/config.toml"});
    CHECK(default_config_files({{"HOME", "/home/a"}, {"XDG_CONFIG_HOME", "relative"}}) ==
          paths{system, "/home/a/.config/vertex-relay/config.toml"});
}

TEST_CASE("a named file takes the place of the usual ones", "[cli]") {
    auto files = reader_of({{"/etc/vertex-relay/config.toml", "workers = 2"},
                            {"/named", "workers = 3"},
                            {"/flag", "workers = 4"}});
    auto usual = find_layers({}, {}, files);
    REQUIRE(usual.layers.files.size() == 1);
    CHECK(usual.layers.files[0].name == "/etc/vertex-relay/config.toml");

    environment variables{{"VERTEX_RELAY_CONFIG", "/named"}};
    auto named = find_layers({}, variables, files);
    REQUIRE(named.layers.files.size() == 1);
    CHECK(named.layers.files[0].name == "/named");

    auto by_flag = find_layers({.config_file = "/flag"}, variables, files);
    REQUIRE(by_flag.layers.files.size() == 1);
    CHECK(by_flag.layers.files[0].text == "workers = 4");

    auto missing = find_layers({.config_file = "/missing"}, {}, files);
    CHECK(missing.fault.find("/missing") != std::string::npos);
    CHECK(by_flag.fault.empty());

    auto none = find_layers({.default_files = false}, {}, files);
    CHECK(none.layers.files.empty());
}

TEST_CASE("an unreadable usual file is noted, not fatal", "[cli]") {
    file_reader refuse = [](std::string const&) -> std::expected<std::string, std::error_code> {
        return std::unexpected(std::make_error_code(std::errc::permission_denied));
    };
    auto found = find_layers({}, {}, refuse);
    REQUIRE(found.notices.size() == 1);
    CHECK(found.notices[0].find("/etc/vertex-relay/config.toml") != std::string::npos);
    CHECK_FALSE(find_layers({.config_file = "/named"}, {}, refuse).fault.empty());
}

TEST_CASE("variables become layers, empty ones do not", "[cli]") {
    auto found = find_layers({.default_files = false},
                             {{"VERTEX_RELAY_GOOGLE_PROJECT", "mine"},
                              {"VERTEX_RELAY_LOG_LEVEL", ""},
                              {"VERTEX_RELAY_MODELS", "a=google/x"},
                              {"GOOGLE_CLOUD_PROJECT", ""},
                              {"GCLOUD_PROJECT", "theirs"}},
                             reader_of({}));
    auto const& own = found.layers.variables;
    REQUIRE(own.size() == 2);
    CHECK(own[0].key == "google.project");
    CHECK(own[0].text == "mine");
    CHECK(own[0].origin == "VERTEX_RELAY_GOOGLE_PROJECT");
    CHECK(own[1].key == "models");
    auto const& google = found.layers.google_variables;
    REQUIRE(google.size() == 1);
    CHECK(google[0].text == "theirs");
    CHECK(google[0].origin == "GCLOUD_PROJECT");
    CHECK(found.notices.empty());
}

TEST_CASE("mistyped variables are noted, Kubernetes' own are not", "[cli]") {
    auto found = find_layers({.default_files = false},
                             {{"VERTEX_RELAY_PROJECT", "x"},
                              {"VERTEX_RELAY_SERVICE_HOST", "10.0.0.1"},
                              {"VERTEX_RELAY_PORT_8642_TCP", "tcp://10.0.0.1:8642"}},
                             reader_of({}));
    REQUIRE(found.notices.size() == 1);
    CHECK(found.notices[0] ==
          "variable VERTEX_RELAY_PROJECT is no setting; did you mean VERTEX_RELAY_GOOGLE_PROJECT?");
}
