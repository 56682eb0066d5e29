#include "core/egress/proxy_bypass.hpp"

#include "core/ascii.hpp"

#include <algorithm>

namespace vertex_relay::core {

namespace {

struct entry_parts {
    std::string_view host;
    std::uint16_t port = 0; ///< 0: any
};

/// Nothing if the entry is malformed.
std::optional<entry_parts> split_entry(std::string_view entry) {
    entry_parts parts;
    std::string_view behind;
    if (entry.starts_with('[')) {
        auto close = entry.find(']');
        if (close == entry.npos) {
            return std::nullopt;
        }
        parts.host = entry.substr(1, close - 1);
        behind = entry.substr(close + 1);
    } else {
        auto colon = std::min(entry.find(':'), entry.size());
        parts.host = entry.substr(0, colon);
        behind = entry.substr(colon);
    }
    if (behind.size() > 1) {
        parts.port = ascii::parse_decimal<std::uint16_t>(behind.substr(1)).value_or(0);
    }
    bool readable = behind.size() <= 1 || parts.port != 0;
    bool separated = behind.empty() || behind.front() == ':';
    return readable && separated && !parts.host.empty() ? std::optional(parts) : std::nullopt;
}

bool fits(std::uint16_t rule, std::uint16_t port) { return rule == 0 || rule == port; }

} // namespace

proxy_bypass::proxy_bypass(std::string_view list) {
    constexpr std::string_view separators = ", \t\r\n";
    while (!list.empty()) {
        auto end = std::min(list.find_first_of(separators), list.size());
        if (end > 0) {
            add(list.substr(0, end));
        }
        list.remove_prefix(std::min(end + 1, list.size()));
    }
}

void proxy_bypass::add(std::string_view entry) {
    if (entry == "*") {
        everything_ = true;
        return;
    }
    if (auto network = ip_network::parse(entry)) {
        networks_.push_back({*network, 0});
        return;
    }
    if (auto address = ip_address::parse(entry)) { // before its colons are taken for a port
        networks_.push_back({ip_network(*address), 0});
        return;
    }
    auto parts = split_entry(entry);
    if (!parts) {
        return;
    }
    if (auto address = ip_address::parse(parts->host)) {
        networks_.push_back({ip_network(*address), parts->port});
        return;
    }
    auto suffix = ascii::to_lower(parts->host);
    if (suffix.starts_with("*.")) {
        suffix.erase(0, 1);
    }
    bool apex = !suffix.starts_with('.');
    if (apex) {
        suffix.insert(0, ".");
    }
    if (suffix.size() > 1) {
        names_.push_back({std::move(suffix), apex, parts->port});
    }
}

bool proxy_bypass::covers(std::string_view host, std::uint16_t port) const {
    if (everything_) {
        return true;
    }
    if (auto address = ip_address::parse(host)) {
        return std::ranges::any_of(networks_, [&](network_rule const& rule) {
            return rule.hosts.contains(*address) && fits(rule.port, port);
        });
    }
    auto name = ascii::to_lower(host);
    return std::ranges::any_of(names_, [&](name_rule const& rule) {
        bool inside = name.ends_with(rule.suffix);
        bool itself = rule.apex && name == std::string_view(rule.suffix).substr(1);
        return (inside || itself) && fits(rule.port, port);
    });
}

} // namespace vertex_relay::core
