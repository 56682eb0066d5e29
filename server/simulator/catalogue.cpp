#include "simulator/catalogue.hpp"

#include <algorithm>
#include <array>

namespace vertex_relay::simulator {

namespace {

struct entry {
    std::string_view name;
    std::string_view locations; ///< space-separated; `*` for all
};

// State of November 2026; preview models answer on the global and multi-region endpoints alone.
constexpr std::array entries{
    entry{"google/gemini-3.8-flash", "*"},
    entry{"google/gemini-3.7-flash", "*"},
    entry{"google/gemini-3.6-flash", "*"},
    entry{"google/gemini-3.5-flash", "*"},
    entry{"google/gemini-3.5-flash-lite", "*"},
    entry{"google/gemini-3.1-flash-lite", "*"},
    entry{"google/gemini-3.1-pro-preview", "global us eu"},
    entry{"google/gemini-3.1-pro-preview-customtools", "global us eu"},
    entry{"google/gemini-3-flash-preview", "global us eu"},
    entry{"google/gemini-flash-latest", "*"},
    entry{"google/gemini-flash-lite-latest", "*"},
    entry{"google/gemini-2.5-pro", "*"},
    entry{"google/gemini-2.5-flash", "*"},
    entry{"google/gemini-2.5-flash-lite", "*"},
    entry{"google/gemini-3-pro-image", "global us eu"},
    entry{"google/gemini-3.1-flash-image", "global us eu"},
    entry{"google/gemini-2.5-flash-image", "*"},
    entry{"google/gemma-4-26b-a4b-it-maas", "global"},
    entry{"openai/gpt-oss-120b-maas", "global us-central1"},
    entry{"meta/llama-4-maverick-17b-128e-instruct-maas", "us-east5"},
    entry{"meta/llama-4-scout-17b-16e-instruct-maas", "us-east5"},
    entry{"zai-org/glm-5.2-maas", "global"},
    entry{"xai/grok-4.7", "global"},
    entry{"xai/grok-4.6", "global"},
    entry{"xai/grok-4.3", "global"},
    entry{"xai/grok-4.20-reasoning", "global"},
    entry{"xai/grok-4.20-non-reasoning", "global"},
};

bool lists(std::string_view locations, std::string_view wanted) {
    while (!locations.empty()) {
        auto one = locations.substr(0, locations.find(' '));
        if (one == wanted || one == "*") {
            return true;
        }
        locations.remove_prefix(std::min(locations.size(), one.size() + 1));
    }
    return false;
}

} // namespace

bool has_model(std::string_view name, std::string_view location) {
    auto const* found = std::ranges::find(entries, name, &entry::name);
    return found != entries.end() && lists(found->locations, location);
}

std::vector<std::string_view> model_names() {
    std::vector<std::string_view> out;
    std::ranges::transform(entries, std::back_inserter(out), &entry::name);
    return out;
}

} // namespace vertex_relay::simulator
