#include "core/gemini/model_traits.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;

TEST_CASE("Gemini is told from what else Google serves", "[gemini][traits]") {
    CHECK(is_gemini("google/gemini-3.5-flash"));
    CHECK(is_gemini("google/gemini-flash-latest"));
    CHECK_FALSE(is_gemini("google/gemma-4-26b-a4b-it-maas"));
    CHECK_FALSE(is_gemini("google/gemini-embedding-001"));
    CHECK_FALSE(is_gemini("meta/gemini-3.5-flash"));
    CHECK_FALSE(is_gemini("gemini-3.5-flash"));
    CHECK_FALSE(is_gemini(""));
}

TEST_CASE("what a model can do is read from its name", "[gemini][traits]") {
    struct row {
        char const* name;
        unsigned generation;
        thinking thinks;
        std::uint64_t output;
        bool signs;
    };
    for (auto const& one : {
             row{"google/gemini-3.8-flash", 3, thinking::levels, 65'536, true},
             row{"google/gemini-3.1-pro-preview", 3, thinking::no_minimal, 65'536, true},
             row{"google/gemini-3-flash-preview", 3, thinking::levels, 65'536, true},
             row{"google/gemini-flash-latest", 3, thinking::levels, 65'536, true},
             row{"google/gemini-2.5-pro", 2, thinking::budget, 65'536, false},
             row{"google/gemini-2.5-flash-lite", 2, thinking::budget, 65'536, false},
             row{"google/gemini-2.0-flash-001", 2, thinking::none, 8'192, false},
             row{"google/gemini-1.5-pro", 1, thinking::none, 8'192, false},
             row{"google/gemini-3-pro-image", 3, thinking::none, 32'768, true},
             row{"google/gemini-12-flash", 12, thinking::levels, 65'536, true},
             row{"google/gemini-", 3, thinking::levels, 65'536, true},
         }) {
        INFO(one.name);
        auto traits = traits_of(one.name);
        CHECK(traits.generation == one.generation);
        CHECK(traits.thinks == one.thinks);
        CHECK(traits.output_tokens == one.output);
        CHECK(traits.signs_calls() == one.signs);
        CHECK(traits.uniform_detail() == !one.signs);
    }
}
