#include "core/vertex/missing_model.hpp"

#include "core/vertex/model_name.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace vertex_relay::core {

namespace {

std::string advise_on_unknown(std::string_view name, route_table const& routes,
                              std::string_view today) {
    auto names = routes.names();
    std::erase_if(names, [&](std::string const& one) {
        auto const* known = routes.models().find(one);
        return known != nullptr && is_retired(*known, today);
    });
    auto near = near_names(name, names, 3);
    return near.empty() ? "The catalogue of this relay does not know it either; GET /v1/models "
                          "lists what there is."
                        : fmt::format("Did you mean {}?", fmt::join(near, ", "));
}

} // namespace

std::string advise_on_missing(target const& where, route_table const& routes,
                              std::string_view today) {
    auto const* known = routes.models().find(where.label);
    if (known == nullptr) {
        return advise_on_unknown(where.label, routes, today);
    }
    if (!known->retires.empty() && is_retired(*known, today)) {
        auto other = known->successor.empty() ? std::string("one of GET /v1/models")
                                              : known->successor;
        return fmt::format("It was retired on {}; use {}.", known->retires, other);
    }
    bool elsewhere = !known->locations.empty() &&
                     std::ranges::count(known->locations, where.location) == 0;
    return elsewhere ? fmt::format("It lives in {}: set google.location, or `location` of an "
                                   "alias.",
                                   fmt::join(known->locations, ", "))
                     : "See whether the project may use it: "
                       "https://console.cloud.google.com/vertex-ai/model-garden";
}

} // namespace vertex_relay::core
