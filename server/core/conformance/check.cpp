#include "core/conformance/check.hpp"

#include <array>

namespace vertex_relay::core::conformance {

std::string_view name_of(place where) {
    constexpr std::array<std::string_view, place_count> names{
        "gemini", "gemini-us", "gemini-eu", "lite", "older", "retiring", "painter", "open-model",
        "endpoint"};
    return names.at(static_cast<std::size_t>(where));
}

std::string_view name_of(way how) { return how == way::past ? "past" : "through"; }

std::vector<check> const& checks() {
    static std::vector<check> const rows = [] {
        std::vector<check> all;
        for (auto part : {example_checks, open_question_checks, repair_checks, schema_checks}) {
            auto some = part();
            all.insert(all.end(), some.begin(), some.end());
        }
        return all;
    }();
    return rows;
}

} // namespace vertex_relay::core::conformance
