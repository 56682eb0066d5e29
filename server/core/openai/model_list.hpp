#pragma once
// `GET /v1/models` and `/v1/models/{id}` in OpenAI's shape, from aliases and the catalogue.

#include "core/failure.hpp"
#include "core/vertex/route_table.hpp"

#include <string>
#include <string_view>

namespace vertex_relay::core {

/// `{"object":"list","data":[…]}`. Models whose date has passed on `today` (`YYYY-MM-DD`) are
/// left out; they are still answered when asked for.
std::string model_list(route_table const& routes, std::string_view today);

/// One model object; any name that resolves has one. Failure: 404 model_not_found.
result<std::string> model_entry(route_table const& routes, std::string_view id);

} // namespace vertex_relay::core
