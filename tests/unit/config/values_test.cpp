#include "core/config/plain_value.hpp"
#include "core/config/settings.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace vertex_relay::core;

namespace {

/// Stores `text` as a flag would; the error, or empty.
std::string set(config& target, std::string_view key, std::string_view text) {
    auto const* row = find_setting(key);
    REQUIRE(row != nullptr);
    auto value = parse_text(*row, text);
    if (!value) {
        return value.error();
    }
    auto stored = assign(*row, *value, target);
    return stored ? std::string() : stored.error();
}

} // namespace

TEST_CASE("flags and variables are named after their key", "[config]") {
    CHECK(flag_name("google.quota_project") == "--google-quota-project");
    CHECK(variable_name("google.quota_project") == "VERTEX_RELAY_GOOGLE_QUOTA_PROJECT");
    CHECK(flag_name("listen") == "--listen");
    CHECK(section_of("limits.head_bytes") == "limits");
    CHECK(section_of("listen").empty());
}

TEST_CASE("no two settings share a key, a flag or a variable", "[config]") {
    std::set<std::string> flags{"--config", "--model", "--help", "--version"};
    std::set<std::string> variables{"VERTEX_RELAY_CONFIG", "VERTEX_RELAY_MODELS"};
    for (auto const& row : settings()) {
        CAPTURE(row.key);
        CHECK(flags.insert(flag_name(row.key)).second);
        CHECK(variables.insert(variable_name(row.key)).second);
        CHECK((row.short_flag.empty() || flags.insert(std::string(row.short_flag)).second));
    }
}

TEST_CASE("every setting has a sentence, and its own default keeps its rules", "[config]") {
    for (auto const& row : settings()) {
        CAPTURE(row.key);
        CHECK(row.help.ends_with('.'));
        config target;
        auto text = to_toml(row, target);
        bool quoted = text.starts_with('"');
        bool empty_list = text == "[]";
        auto error =
            set(target, row.key,
                quoted ? text.substr(1, text.size() - 2) : empty_list ? std::string() : text);
        CHECK(error == "");
        CHECK(to_toml(row, target) == text);
    }
}

TEST_CASE("sizes take a unit, other numbers do not", "[config]") {
    config target;
    CHECK(set(target, "limits.body_bytes", "64MiB") == "");
    CHECK(target.limits.body_bytes == 64U * 1024 * 1024);
    CHECK(set(target, "limits.body_bytes", "2 KiB") == "");
    CHECK(target.limits.body_bytes == 2048);
    CHECK(set(target, "limits.body_bytes", "1gib") == "");
    CHECK(target.limits.body_bytes == 1024U * 1024 * 1024);
    for (auto text : {"", "MiB", "-1", "1MB", "1.5MiB", "99999999999GiB", "0x10", "1 "}) {
        CAPTURE(text);
        CHECK(set(target, "limits.body_bytes", text) != "");
    }
    CHECK(target.limits.body_bytes == 1024U * 1024 * 1024);
    CHECK(set(target, "workers", "1KiB") != "");
    CHECK(set(target, "timeouts.head_ms", "10s") != "");
}

TEST_CASE("numbers keep their range, both ends included", "[config]") {
    config target;
    CHECK(set(target, "workers", "0") == "0 is out of range 1 to 256");
    CHECK(set(target, "workers", "257") == "257 is out of range 1 to 256");
    CHECK(set(target, "workers", "1") == "");
    CHECK(set(target, "workers", "256") == "");
    CHECK(set(target, "retry.max", "0") == "");
    CHECK(set(target, "workers", "-1") != "");
    CHECK(set(target, "timeouts.head_ms", "1500") == "");
    CHECK(target.timeouts.head_ms == milliseconds(1500));
}

TEST_CASE("texts keep their choices", "[config]") {
    config target;
    CHECK(set(target, "log.level", "debug") == "");
    CHECK(set(target, "log.level", "loud").find("trace,debug,info") != std::string::npos);
    CHECK(set(target, "log.format", "") != "");
    CHECK(set(target, "access.peer_check", "off") == "");
    CHECK(set(target, "upstream.api_version", "v2") != "");
    CHECK(target.log.level == "debug");
    CHECK(target.log.format == "auto");
}

TEST_CASE("toggles are true or false and nothing else", "[config]") {
    config target;
    CHECK(set(target, "log.access", "false") == "");
    CHECK_FALSE(target.log.access);
    for (auto text : {"1", "yes", "", "TRUE"}) {
        CAPTURE(text);
        CHECK(set(target, "log.access", text) != "");
    }
}

TEST_CASE("lists are comma-separated and checked item by item", "[config]") {
    config target;
    CHECK(set(target, "listen", "127.0.0.1:0, unix:/run/a.sock") == "");
    CHECK(target.listen == std::vector<std::string>{"127.0.0.1:0", "unix:/run/a.sock"});
    CHECK(set(target, "listen", "127.0.0.1:0,nowhere").find("\"nowhere\"") != std::string::npos);
    CHECK(target.listen.size() == 2);
    CHECK(set(target, "listen", "") == "");
    CHECK(target.listen.empty());
}

TEST_CASE("TOML strings escape what TOML does not allow", "[config]") {
    CHECK(toml_string("plain") == "\"plain\"");
    CHECK(toml_string("a\"b\\c\n\x7f") == "\"a\\\"b\\\\c\\u000a\\u007f\"");
    CHECK(toml_array({}) == "[]");
    CHECK(toml_array({"a", "b"}) == "[\"a\", \"b\"]");
}

TEST_CASE("a repair is named as it is called", "[config]") {
    config target;
    CHECK(set(target, "repairs.disable", "roles,usage").empty());
    CHECK(target.repairs.disable == std::vector<std::string>{"roles", "usage"});
    CHECK(set(target, "repairs.disable", "usages") ==
          "\"usages\": no repair has that name, did you mean usage?");
    CHECK_THAT(set(target, "repairs.disable", "everything"),
               Catch::StartsWith("\"everything\": expected the name of a repair: roles, "));
    CHECK(target.repairs.disable.size() == 2);
}

TEST_CASE("a bad URL is shown without its password", "[config]") {
    config target;
    for (auto const* url : {"ftp://user:secret@host/x", "https://user:sec@ret@host:99999",
                            "https://user:se/cret@host"}) {
        auto error = set(target, "upstream.endpoint", url);
        CHECK(error.find("***@host") != error.npos);
        CHECK(error.find("user") == error.npos);
        CHECK(error.find("ret@") == error.npos);
    }
    CHECK(set(target, "upstream.endpoint", "http://h/a@b").starts_with("\"http://h/a@b\""));
}
