#include "core/http/authority.hpp"

#include "core/ascii.hpp"

namespace vertex_relay::core {

namespace {

bool is_host_character(char c) {
    return ascii::is_alnum(c) || c == '-' || c == '.' || c == '_';
}

/// Digits, colons and an embedded IPv4 address; enough that no name passes for an address.
bool is_v6_shaped(std::string_view text) {
    constexpr std::string_view characters = "0123456789abcdefABCDEF:.";
    return text.find(':') != text.npos && text.find_first_not_of(characters) == text.npos;
}

bool is_loopback_octets(std::string_view host) {
    std::size_t octets = 0;
    while (true) {
        auto dot = host.find('.');
        auto value = ascii::parse_decimal<unsigned>(host.substr(0, dot));
        if (!value || *value > 255 || (octets == 0 && *value != 127)) {
            return false;
        }
        ++octets;
        if (dot == host.npos) {
            return octets == 4;
        }
        host.remove_prefix(dot + 1);
    }
}

} // namespace

std::optional<authority> parse_authority(std::string_view text) {
    std::string_view host;
    if (text.starts_with('[')) {
        auto close = text.find(']');
        if (close == text.npos) {
            return std::nullopt;
        }
        host = text.substr(1, close - 1);
        text.remove_prefix(close + 1);
        if (!is_v6_shaped(host)) {
            return std::nullopt;
        }
    } else {
        host = text.substr(0, text.find(':'));
        text.remove_prefix(host.size());
        if (!std::ranges::all_of(host, is_host_character)) {
            return std::nullopt;
        }
    }
    if (host.empty()) {
        return std::nullopt;
    }
    authority out{.host = ascii::to_lower(host), .port = std::nullopt};
    if (text.empty()) {
        return out;
    }
    out.port = ascii::parse_decimal<unsigned>(text.substr(1));
    bool good = text.front() == ':' && out.port && *out.port <= 65535;
    return good ? std::optional(std::move(out)) : std::nullopt;
}

bool is_loopback_host(std::string_view host) {
    return ascii::iequals(host, "localhost") || host == "::1" || is_loopback_octets(host);
}

} // namespace vertex_relay::core
