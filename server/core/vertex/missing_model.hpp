#pragma once
// What to try when Google does not know the model that was asked for.

#include "core/vertex/route_table.hpp"

#include <string>
#include <string_view>

namespace vertex_relay::core {

/// One sentence from the catalogue: where the model lives, since when it does not, or which names
/// come near. `today` is `YYYY-MM-DD`.
std::string advise_on_missing(target const& where, route_table const& routes,
                              std::string_view today);

} // namespace vertex_relay::core
