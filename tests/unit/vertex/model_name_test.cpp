// Patterns of aliases, and the names a typist may have meant.

#include "core/vertex/model_name.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <random>

using namespace vertex_relay::core;

namespace {

/// The definition, slow and plain.
bool matches_by_definition(std::string_view pattern, std::string_view text) {
    if (pattern.empty()) {
        return text.empty();
    }
    if (pattern.front() == '*') {
        return matches_by_definition(pattern.substr(1), text) ||
               (!text.empty() && matches_by_definition(pattern, text.substr(1)));
    }
    return !text.empty() && text.front() == pattern.front() &&
           matches_by_definition(pattern.substr(1), text.substr(1));
}

std::string random_text(std::mt19937& random, std::string_view characters) {
    std::string text;
    for (auto size = random() % 9; size > 0; --size) {
        text += characters[random() % characters.size()];
    }
    return text;
}

} // namespace

TEST_CASE("a star stands for any characters, also none", "[vertex][pattern]") {
    CHECK(matches_pattern("*", ""));
    CHECK(matches_pattern("*", "a/b\n"));
    CHECK(matches_pattern("gpt-*", "gpt-"));
    CHECK(matches_pattern("gpt-*", "gpt-4o"));
    CHECK_FALSE(matches_pattern("gpt-*", "gpt"));
    CHECK_FALSE(matches_pattern("gpt-*", "my-gpt-4"));
    CHECK_FALSE(matches_pattern("gpt-*", "GPT-4"));
    CHECK(matches_pattern("*-mini*", "o3-mini-high"));
    CHECK(matches_pattern("a*b*c", "a-b-bc"));
    CHECK_FALSE(matches_pattern("a*b*c", "a-c-b"));
    CHECK(matches_pattern("**a**", "bab"));
    CHECK(matches_pattern("", ""));
    CHECK_FALSE(matches_pattern("", "a"));
    CHECK_FALSE(matches_pattern("a?c", "abc")); // only the star is special
    CHECK_FALSE(matches_pattern("a.c", "abc"));
    CHECK(matches_pattern("[a]*", "[a]b"));
}

TEST_CASE("patterns match as their definition says", "[vertex][pattern]") {
    std::mt19937 random(17);
    for (int round = 0; round < 100'000; ++round) {
        auto pattern = random_text(random, "ab*");
        auto text = random_text(random, "ab");
        CAPTURE(pattern, text);
        REQUIRE(matches_pattern(pattern, text) == matches_by_definition(pattern, text));
    }
}

TEST_CASE("a pattern of many stars is no work", "[vertex][pattern]") {
    std::string pattern;
    for (int i = 0; i < 100; ++i) {
        pattern += "*a";
    }
    CHECK_FALSE(matches_pattern(pattern + "*b", std::string(10'000, 'a')));
}

TEST_CASE("near names come nearest first, and few", "[vertex][near]") {
    std::vector<std::string> known{"google/gemini-3.5-flash",
                                   "google/gemini-3.5-flash-lite",
                                   "google/gemini-3.8-flash",
                                   "meta/llama-4-maverick",
                                   "gpt-4o",
                                   "my-gemma"};
    auto near = [&](std::string_view name, std::size_t count = 3) {
        return near_names(name, known, count);
    };
    using names = std::vector<std::string>;
    CHECK(near("gemini-3.5-flash") == names{"google/gemini-3.5-flash", "google/gemini-3.8-flash",
                                            "google/gemini-3.5-flash-lite"});
    CHECK(near("gemini-3.5-flash", 1) == names{"google/gemini-3.5-flash"});
    CHECK(near("gtp-4o") == names{"gpt-4o"});
    CHECK(near("GPT-4O") == names{"gpt-4o"});
    CHECK(near("google/llama-4-maverick") == names{"meta/llama-4-maverick"}); // wrong publisher
    CHECK(near("maverick") == names{"meta/llama-4-maverick"});
    CHECK(near("zzzzzzzz").empty());
    CHECK(near("gemini-3.5-flash", 0).empty());
    CHECK(near_names("x", {}, 3).empty());
    CHECK(near(std::string(100'000, 'x')).empty());
    CHECK(near("").empty());
}

TEST_CASE("of names as near the first known comes first", "[vertex][near]") {
    CHECK(near_names("model-x", {"model-b", "model-a", "model-c"}, 2) ==
          std::vector<std::string>{"model-b", "model-a"});
}
