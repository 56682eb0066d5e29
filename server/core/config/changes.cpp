#include "core/config/changes.hpp"

#include "core/config/aliases.hpp"
#include "core/config/plain_value.hpp"

#include <algorithm>
#include <array>

namespace vertex_relay::core {

namespace {

constexpr std::array<std::string_view, 5> fixed_keys{"listen", "listen_mode", "workers",
                                                     "admin.listen", "signatures.file"};

bool same_route(model_route const& a, model_route const& b) {
    return a.name == b.name && route_to_toml(a) == route_to_toml(b);
}

void copy_value(setting const& row, config from, config& to) {
    std::visit([&](auto member) { member(to) = member(from); }, row.member);
}

} // namespace

std::vector<std::string> changed_keys(config const& before, config const& after) {
    std::vector<std::string> keys;
    for (auto const& row : settings()) {
        if (to_toml(row, before) != to_toml(row, after)) {
            keys.emplace_back(row.key);
        }
    }
    if (!std::ranges::equal(before.models, after.models, same_route)) {
        keys.emplace_back("models");
    }
    return keys;
}

std::vector<std::string> keep_fixed(config const& now, config& next) {
    std::vector<std::string> kept;
    for (auto key : fixed_keys) {
        auto const& row = *find_setting(key);
        if (to_toml(row, now) != to_toml(row, next)) {
            copy_value(row, now, next);
            kept.emplace_back(key);
        }
    }
    return kept;
}

} // namespace vertex_relay::core
