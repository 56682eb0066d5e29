#include "core/openai/model_list.hpp"

#include "core/json_text.hpp"

#include <algorithm>

namespace vertex_relay::core {

namespace {

std::string model_object(std::string_view id, std::string_view owner) {
    return fmt::format(R"({{"id":{},"object":"model","created":0,"owned_by":{}}})",
                       json_string(id), json_string(owner));
}

std::string_view owner_of(target const& where) {
    std::string_view label = where.label;
    return where.endpoint.empty() ? label.substr(0, label.find('/')) : "self-deployed";
}

/// Where Gemini lives changes too often to hide it; an open model stays at its few places.
bool lives_at(catalogue_model const& model, std::string_view location) {
    return model.locations.empty() || model.id.starts_with("google/") ||
           std::ranges::find(model.locations, location) != model.locations.end();
}

} // namespace

std::vector<std::string> offered_names(route_table const& routes, std::string_view today) {
    auto names = routes.names();
    std::erase_if(names, [&](std::string const& name) {
        auto where = routes.resolve(name);
        // An alias is listed whatever it is called; a catalogue model answers as itself.
        auto const* itself =
            where && where->label == name ? routes.models().find(name) : nullptr;
        return !where || (itself != nullptr && (is_retired(*itself, today) ||
                                                !lives_at(*itself, where->location)));
    });
    return names;
}

std::string model_list(route_table const& routes, std::string_view today) {
    std::string data;
    for (auto const& name : offered_names(routes, today)) {
        data += data.empty() ? "" : ",";
        data += model_object(name, owner_of(*routes.resolve(name)));
    }
    return fmt::format(R"({{"object":"list","data":[{}]}})", data);
}

result<std::string> model_entry(route_table const& routes, std::string_view id) {
    auto where = routes.resolve_listed(id);
    if (!where) {
        return std::unexpected(std::move(where.error()));
    }
    return model_object(id, owner_of(*where));
}

} // namespace vertex_relay::core
