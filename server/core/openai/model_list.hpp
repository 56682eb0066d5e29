#pragma once
// `GET /v1/models` and `/v1/models/{id}` in OpenAI's shape, from aliases and the catalogue.

#include "core/failure.hpp"
#include "core/vertex/route_table.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::core {

/// What is on offer: aliases without `*`, and the catalogue unless only what is listed may be asked
/// for, without models whose date has passed on `today` (`YYYY-MM-DD`) and without open models
/// that do not live where they would be asked; all those are still answered.
std::vector<std::string> offered_names(route_table const& routes, std::string_view today);

/// `{"object":"list","data":[…]}` of all that is offered.
std::string model_list(route_table const& routes, std::string_view today);

/// One model object, for an alias or a model of the catalogue. Failure: 404 model_not_found.
result<std::string> model_entry(route_table const& routes, std::string_view id);

} // namespace vertex_relay::core
