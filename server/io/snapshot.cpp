#include "io/snapshot.hpp"

namespace vertex_relay::io {

namespace {

constexpr std::size_t routes_kept = 1024;

} // namespace

core::result<std::shared_ptr<core::target const>>
snapshot::route(std::optional<std::string> const& model) {
    std::string_view name = model ? std::string_view(*model) : std::string_view();
    auto known = routes_.find(std::string(name));
    if (known != routes_.end()) {
        return known->second;
    }
    auto resolved = shared.routes.resolve(model);
    if (!resolved) {
        return std::unexpected(std::move(resolved.error()));
    }
    auto where = std::make_shared<core::target const>(std::move(*resolved));
    if (routes_.size() >= routes_kept) {
        routes_.clear();
    }
    routes_.emplace(name, where);
    return where;
}

} // namespace vertex_relay::io
