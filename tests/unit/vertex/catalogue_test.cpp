// The catalogue of models: the file that ships, and what is said of one that is wrong.

#include "cli.hpp"
#include "core/config/grammar.hpp"
#include "core/vertex/catalogue.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace vertex_relay::core;
using Catch::Matchers::Contains;

namespace {

std::string complaint_about(std::string_view toml) {
    auto parsed = catalogue::parse(toml);
    REQUIRE_FALSE(parsed);
    return parsed.error();
}

bool is_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
        return false;
    }
    auto month = text.substr(5, 2);
    auto day = text.substr(8);
    return text.starts_with("20") && month >= "01" && month <= "12" && day >= "01" && day <= "31";
}

} // namespace

TEST_CASE("every field of a model is read", "[vertex][catalogue]") {
    auto parsed = catalogue::parse(R"(
[[model]]
id = "google/a"
locations = ["global", "us-east5"]
released = 2026-01-02
retires = 2027-12-31
successor = "meta/b"
note = "preview"
[[model]]
id = "meta/b"
)");
    REQUIRE(parsed);
    REQUIRE(parsed->models().size() == 2);
    auto const* model = parsed->find("google/a");
    REQUIRE(model != nullptr);
    CHECK(model->locations == std::vector<std::string>{"global", "us-east5"});
    CHECK(model->released == "2026-01-02");
    CHECK(model->retires == "2027-12-31");
    CHECK(model->successor == "meta/b");
    CHECK(model->note == "preview");
    auto const* bare = parsed->find("meta/b");
    REQUIRE(bare != nullptr);
    CHECK(bare->locations.empty());
    CHECK(bare->retires.empty());
    CHECK(parsed->find("google/c") == nullptr);
    CHECK(parsed->find("") == nullptr);
}

TEST_CASE("a model is retired from the day after its date", "[vertex][catalogue]") {
    catalogue_model model{
        .id = "google/a", .locations = {}, .released = {}, .retires = "2026-11-19", .note = {}};
    CHECK_FALSE(is_retired(model, "2026-11-18"));
    CHECK_FALSE(is_retired(model, "2026-11-19"));
    CHECK(is_retired(model, "2026-11-20"));
    CHECK(is_retired(model, "2027-01-01"));
    CHECK_FALSE(is_retired(model, "2025-12-31"));
    model.retires.clear();
    CHECK_FALSE(is_retired(model, "9999-12-31"));
}

TEST_CASE("a wrong file is told by line and column", "[vertex][catalogue]") {
    struct row {
        std::string toml, where, what;
    };
    auto line = GENERATE(
        row{"[[model]]\nid = \"google/a\n", "line 2, column", ""},
        row{"[[model]]\nid = \"google/a\"\nretires = 2026-13-01\n", "line 3, column", ""},
        row{"[[model]]\nid = \"google/a\"\nretires = 2027-02-30\n", "line 3, column", ""},
        row{"[[model]]\nid = \"google/a\"\nid = \"google/b\"\n", "line 3, column", ""},
        row{"\n[[model]]\nretires = 2026-01-01\n", "line 2, column 1", "`id`"},
        row{"[[model]]\nid = \"gemini\"\n", "line 2, column 6", "publisher/model"},
        row{"[[model]]\nid = 7\n", "line 2, column 6", "`id`"},
        row{"[[model]]\nid = \"google/a\"\n[[model]]\nid = \"google/a\"\n", "line 4, column 6",
            "twice"},
        row{"[[model]]\nid = \"google/a\"\nretires = \"2026-01-01\"\n", "line 3, column 11",
            "date"},
        row{"[[model]]\nid = \"google/a\"\nreleased = 2026\n", "line 3, column 12", "date"},
        row{"[[model]]\nid = \"google/a\"\nlocations = \"global\"\n", "line 3, column 13",
            "list of locations"},
        row{"[[model]]\nid = \"google/a\"\nlocations = [\"Global\"]\n", "line 3, column 14",
            "list of locations"},
        row{"[[model]]\nid = \"google/a\"\nlocations = [1]\n", "line 3, column 14",
            "list of locations"},
        row{"[[model]]\nid = \"google/a\"\nnote = 1\n", "line 3, column 8", "`note`"},
        row{"[[model]]\nid = \"google/a\"\nretire = 2026-01-01\n", "line 3, column 1", "`retire`"},
        row{"model = [1]\n", "line 1, column 10", "[[model]]"});
    CAPTURE(line.toml);
    CHECK_THAT(complaint_about(line.toml), Contains(line.where) && Contains(line.what));
}

TEST_CASE("an empty file holds no models", "[vertex][catalogue]") {
    for (auto toml : {"", "# nothing\n", "model = []\n", "[model]\nid = \"google/a\"\n",
                      "[[models]]\nid = \"google/a\"\n"}) {
        CAPTURE(toml);
        CHECK_THAT(complaint_about(toml), Contains("[[model]]"));
    }
}

TEST_CASE("the shipped catalogue is right, and is the one built in", "[vertex][catalogue]") {
    auto text = vertex_relay::read_text_file(RELAY_SHIPPED_MODELS);
    REQUIRE(text);
    auto parsed = catalogue::parse(*text);
    REQUIRE(parsed);
    auto built_in = catalogue::built_in();
    REQUIRE(parsed->models().size() == built_in.models().size());
    std::set<std::string> ids;
    for (std::size_t i = 0; i < parsed->models().size(); ++i) {
        auto const& model = parsed->models()[i];
        CAPTURE(model.id);
        CHECK(model.id == built_in.models()[i].id);
        CHECK(model.retires == built_in.models()[i].retires);
        CHECK(grammar::is_publisher_model(model.id));
        CHECK(ids.insert(model.id).second);
        CHECK((!model.locations.empty() || !model.successor.empty()));
        for (auto const& location : model.locations) {
            CHECK(grammar::is_location(location));
        }
        CHECK((model.released.empty() || is_date(model.released)));
        CHECK((model.retires.empty() || is_date(model.retires)));
        CHECK((model.released.empty() || model.retires.empty() || model.released < model.retires));
    }
    CHECK(ids.contains("google/gemini-3.5-flash")); // the example of every page
}
