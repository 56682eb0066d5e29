#include "core/gemini/model_traits.hpp"

#include "core/ascii.hpp"

namespace vertex_relay::core {

namespace {

constexpr std::string_view prefix = "google/gemini-";

bool mentions(std::string_view name, std::string_view word) {
    return name.find(word) != name.npos;
}

/// `gemini-3.5-flash` → 3; aliases such as `gemini-flash-latest` follow the newest models.
unsigned generation_of(std::string_view version) {
    bool numbered = !version.empty() && ascii::is_digit(version.front());
    auto end = std::min(version.find_first_not_of("0123456789"), version.size());
    return numbered ? ascii::parse_decimal<unsigned>(version.substr(0, end)).value_or(3) : 3;
}

thinking thinking_of(std::string_view name, unsigned generation) {
    if (generation < 2 || mentions(name, "gemini-2.0") || mentions(name, "-image")) {
        return thinking::none;
    }
    if (generation == 2) {
        return thinking::budget;
    }
    return mentions(name, "-pro") ? thinking::no_minimal : thinking::levels;
}

} // namespace

bool is_gemini(std::string_view name) {
    return name.starts_with(prefix) && !mentions(name, "embedding");
}

model_traits traits_of(std::string_view name) {
    model_traits traits;
    traits.generation = generation_of(name.substr(std::min(prefix.size(), name.size())));
    traits.thinks = thinking_of(name, traits.generation);
    bool old = traits.generation < 2 || mentions(name, "gemini-2.0");
    traits.output_tokens = old ? 8'192 : mentions(name, "-image") ? 32'768 : 65'536;
    return traits;
}

} // namespace vertex_relay::core
