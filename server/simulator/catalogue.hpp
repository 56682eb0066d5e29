#pragma once
// The publisher models the simulator has, and where.

#include <string_view>
#include <vector>

namespace vertex_relay::simulator {

/// Whether `name` (`publisher/model`) answers in `location`. Retired and unknown models, and models
/// asked for in a location that lacks them, all look the same to Google's clients: 404.
bool has_model(std::string_view name, std::string_view location);

/// Every name, for the model list.
std::vector<std::string_view> model_names();

} // namespace vertex_relay::simulator
