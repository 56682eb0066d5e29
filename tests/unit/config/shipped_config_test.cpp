// config/config.toml must list every key with its built-in default and its sentence, and nothing
// else, so that it can neither lag behind the program nor change anything by being installed.

#include "cli.hpp"
#include "core/config/plain_value.hpp"
#include "core/config/settings.hpp"
#include "unit/config/loading.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <sstream>

using namespace vertex_relay::core;

namespace {

struct shipped_key {
    std::string value;   ///< as written
    std::string comment; ///< the lines directly above, joined by blanks
};

std::string shipped_text() {
    auto text = vertex_relay::read_text_file(RELAY_SHIPPED_CONFIG);
    REQUIRE(text);
    return *text;
}

/// Reads the file the way a person does: headings, comments, `key = value`.
std::map<std::string, shipped_key> shipped_keys() {
    std::map<std::string, shipped_key> keys;
    std::istringstream lines(shipped_text());
    std::string section;
    std::string comment;
    for (std::string line; std::getline(lines, line);) {
        auto equals = line.find(" = ");
        if (line.starts_with("# ")) {
            comment += (comment.empty() ? "" : " ") + line.substr(2);
        } else if (line.starts_with('[')) {
            section = line.substr(1, line.find(']') - 1) + ".";
            comment.clear();
        } else if (equals != std::string::npos) {
            keys[section + line.substr(0, equals)] = {line.substr(equals + 3), comment};
            comment.clear();
        } else {
            comment.clear();
        }
    }
    return keys;
}

} // namespace

TEST_CASE("the shipped file lists every key, its default and its sentence", "[config]") {
    auto keys = shipped_keys();
    CHECK(keys.size() == settings().size());
    for (auto const& row : settings()) {
        CAPTURE(row.key);
        auto found = keys.find(std::string(row.key));
        REQUIRE(found != keys.end());
        CHECK(found->second.value == to_toml(row, config{}));
        CHECK(found->second.comment.starts_with(row.help));
    }
}

TEST_CASE("the shipped file loads and changes nothing", "[config]") {
    auto loaded = load(test::one_file(shipped_text()));
    REQUIRE(loaded);
    CHECK(loaded->config.models.empty());
    for (auto const& row : settings()) {
        CAPTURE(row.key);
        CHECK(to_toml(row, loaded->config) == to_toml(row, config{}));
        CHECK(loaded->origin(row.key).starts_with("relay.toml:"));
    }
}

TEST_CASE("the examples in the shipped file are right once uncommented", "[config]") {
    auto text = shipped_text();
    auto models = text.find("\n[models]\n");
    REQUIRE(models != std::string::npos);
    for (auto at = text.find("\n# ", models); at != std::string::npos; at = text.find("\n# ", at)) {
        text.erase(at + 1, 2);
    }
    auto loaded = load(test::one_file(text));
    REQUIRE(loaded);
    CHECK(loaded->config.models.size() == 5);
}
