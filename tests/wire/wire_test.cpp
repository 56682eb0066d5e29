// Every conversation of `cases/*.wire`, whole, with the client's bytes one by one, and with the
// origin's.
//
// After a deliberate change run this with WIRE_ACCEPT=1 until nothing fails, then read the diff:
// each run writes the first bytes of a case that came otherwise into its file.

#include "wire/wire_stage.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <ranges>
#include <sstream>

namespace {

using namespace vertex_relay::tests;

std::vector<std::filesystem::path> wire_files() {
    std::vector<std::filesystem::path> paths;
    for (auto const& entry : std::filesystem::directory_iterator(WIRE_CASES)) {
        if (entry.path().extension() == ".wire") {
            paths.push_back(entry.path());
        }
    }
    std::ranges::sort(paths);
    return paths;
}

std::string text_of(std::filesystem::path const& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string_view words_for(pace how) {
    switch (how) {
    case pace::client_drips:
        return "the client's bytes one by one";
    case pace::origin_drips:
        return "the origin's bytes one by one";
    default:
        return "whole";
    }
}

/// Catch breaks long lines; what came should be fit to copy into the file.
void report(wire_case const& one, pace how, wire_problem const& problem) {
    auto line = problem.at != nullptr ? problem.at->line : one.line;
    std::cerr << one.title << " (" << words_for(how) << "), line " << line << ": " << problem.what
              << "\n"
              << problem.came;
}

/// What came takes the place of what was expected.
void accept(std::filesystem::path const& path, wire_step const& step, std::string const& came) {
    std::istringstream lines(text_of(path));
    std::ofstream file(path);
    std::string line;
    for (std::size_t number = 1; std::getline(lines, line); ++number) {
        if (number == step.line) {
            file << came;
        }
        if (number < step.line || number >= step.line + step.lines) {
            file << line << "\n";
        }
    }
}

bool play(wire_stage& stage, wire_case const& one, pace how, std::filesystem::path const& path) {
    auto problem = is_worth(one, how) ? stage.play(one, how) : std::nullopt;
    if (!problem) {
        return true;
    }
    report(one, how, *problem);
    if (std::getenv("WIRE_ACCEPT") != nullptr && problem->at != nullptr && !problem->came.empty()) {
        accept(path, *problem->at, problem->came);
    }
    return false;
}

void play_all(wire_script const& script, std::filesystem::path const& path) {
    wire_stage stage(script.settings);
    for (auto const& one : script.cases | std::views::reverse) { // line numbers stay true
        INFO(one.title);
        bool whole = play(stage, one, pace::whole, path);
        CHECK(whole);
        CHECK((!whole || play(stage, one, pace::client_drips, path)));
        CHECK((!whole || play(stage, one, pace::origin_drips, path)));
    }
}

} // namespace

TEST_CASE("conversations on the wire go as written", "[wire]") {
    auto paths = wire_files();
    REQUIRE_FALSE(paths.empty());
    for (auto const& path : paths) {
        DYNAMIC_SECTION(path.stem().string()) {
            auto script = parse_wire(text_of(path));
            INFO((script ? "" : script.error()));
            REQUIRE(script);
            CHECK_FALSE(script->cases.empty());
            play_all(*script, path);
        }
    }
}
