#pragma once
// Faults that are answers in themselves: the errors.

#include "simulator/fault_catalogue.hpp"
#include "simulator/google_error.hpp"

#include <optional>
#include <string_view>

namespace vertex_relay::simulator {

/// Where the error happens, for its text.
struct error_scene {
    envelope form = envelope::array;
    std::string_view resource = {}; ///< `projects/p/locations/l/endpoints/e`
    std::string_view location = {};
    std::string_view model = {};
    std::string_view rpc = {};
};

/// Nothing if this fault is not an error answer.
std::optional<answer> error_answer(fault const& wanted, error_scene const& scene);

} // namespace vertex_relay::simulator
