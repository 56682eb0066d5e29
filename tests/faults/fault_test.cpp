// Every fault at every phase, with the exact outcome for the client and the log.
//
// RELAY_REPEAT=100 plays everything that often; RELAY_FAULT=TEXT plays only what has TEXT in its
// name.

#include "faults/fault_stage.hpp"
#include "net/repetitions.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <map>
#include <set>

namespace {

using namespace vertex_relay::tests;

std::map<surroundings, std::vector<scenario>> chosen_scenarios() {
    auto const* part = std::getenv("RELAY_FAULT");
    std::map<surroundings, std::vector<scenario>> chosen;
    for (auto& one : all_scenarios()) {
        if (part == nullptr || one.name.find(part) != std::string::npos) {
            chosen[one.around].push_back(std::move(one));
        }
    }
    return chosen;
}

} // namespace

TEST_CASE("each fault at each phase has its one outcome", "[fault]") {
    auto chosen = chosen_scenarios();
    for (int round = 0; round < repetitions(); ++round) {
        for (auto const& [around, scenarios] : chosen) {
            fault_stage stage(around);
            for (auto const& one : scenarios) {
                INFO("round " << round << ", " << one.name);
                auto wrong = stage.play(one);
                CHECK(wrong == "");
            }
        }
    }
}

TEST_CASE("the table of faults is large, and its names are names", "[fault]") {
    std::set<std::string> names;
    auto all = all_scenarios();
    for (auto const& one : all) {
        CHECK(names.insert(one.name).second);
    }
    CHECK(all.size() >= 200);
}
