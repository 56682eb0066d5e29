#include "core/config/grammar.hpp"

#include "core/ascii.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace vertex_relay::core::grammar {

namespace {

constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_hex(char c) {
    return ascii::is_digit(c) || (ascii::lower(c) >= 'a' && ascii::lower(c) <= 'f');
}

bool all_digits(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, ascii::is_digit);
}

/// The number of 16-bit groups in colon-separated `text`, a trailing IPv4 part counting as two;
/// nullopt if a group is malformed. Empty text has none.
std::optional<int> count_groups(std::string_view text) {
    int groups = 0;
    while (!text.empty()) {
        auto colon = text.find(':');
        auto group = text.substr(0, colon);
        bool last = colon == std::string_view::npos;
        if (last && group.find('.') != std::string_view::npos) {
            return is_ipv4(group) ? std::optional(groups + 2) : std::nullopt;
        }
        if (group.empty() || group.size() > 4 || !std::ranges::all_of(group, is_hex)) {
            return std::nullopt;
        }
        ++groups;
        text.remove_prefix(last ? text.size() : colon + 1);
        if (!last && text.empty()) {
            return std::nullopt; // a colon with nothing behind it
        }
    }
    return groups;
}

bool is_uuid(std::string_view text) {
    if (text.size() != 36) {
        return false;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen ? text[i] != '-' : !is_hex(text[i])) {
            return false;
        }
    }
    return true;
}

bool is_project_id(std::string_view text) {
    auto allowed = [](char c) { return is_lower(c) || ascii::is_digit(c) || c == '-'; };
    return !text.empty() && text.size() <= 63 && is_lower(text.front()) && text.back() != '-' &&
           std::ranges::all_of(text, allowed);
}

bool is_model_name(std::string_view text) {
    auto allowed = [](char c) { return ascii::is_alnum(c) || c == '.' || c == '_' || c == '-'; };
    auto at = text.find('@');
    auto name = text.substr(0, at);
    auto version = at == std::string_view::npos ? std::string_view("1") : text.substr(at + 1);
    return !name.empty() && !version.empty() && ascii::is_alnum(name.front()) &&
           ascii::is_alnum(name.back()) && std::ranges::all_of(name, allowed) &&
           std::ranges::all_of(version, allowed);
}

} // namespace

bool is_ipv4(std::string_view text) {
    int parts = 0;
    while (true) {
        auto dot = text.find('.');
        auto part = text.substr(0, dot);
        auto value = ascii::parse_decimal<unsigned>(part);
        bool leading_zero = part.size() > 1 && part.front() == '0';
        if (!value || *value > 255 || leading_zero || ++parts > 4) {
            return false;
        }
        if (dot == std::string_view::npos) {
            return parts == 4;
        }
        text.remove_prefix(dot + 1);
    }
}

bool is_ipv6(std::string_view text) {
    auto gap = text.find("::");
    if (gap == std::string_view::npos) {
        return count_groups(text) == 8;
    }
    auto head = text.substr(0, gap);
    if (head.find('.') != std::string_view::npos) {
        return false; // an IPv4 part can only come last
    }
    auto before = count_groups(head);
    auto after = count_groups(text.substr(gap + 2));
    return before && after && *before + *after <= 7;
}

bool is_loopback(std::string_view host) {
    if (ascii::iequals(host, "localhost") || (is_ipv4(host) && host.starts_with("127."))) {
        return true;
    }
    return host == "::1" || host == "0:0:0:0:0:0:0:1" ||
           (ascii::istarts_with(host, "::ffff:127.") && is_ipv6(host));
}

bool is_host_name(std::string_view text) {
    if (text.empty() || text.size() > 253) {
        return false;
    }
    auto allowed = [](char c) { return ascii::is_alnum(c) || c == '-'; };
    while (true) {
        auto dot = text.find('.');
        auto label = text.substr(0, dot);
        if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-' ||
            !std::ranges::all_of(label, allowed)) {
            return false;
        }
        if (dot == std::string_view::npos) {
            return true;
        }
        text.remove_prefix(dot + 1);
    }
}

bool is_port(std::string_view text) {
    auto port = ascii::parse_decimal<std::uint32_t>(text);
    return port && all_digits(text) && *port >= 1 && *port <= 65535;
}

bool is_publisher_model(std::string_view text) {
    auto slash = text.find('/');
    if (text.size() > 256 || slash == std::string_view::npos ||
        text.find("..") != std::string_view::npos) {
        return false;
    }
    auto publisher = text.substr(0, slash);
    auto allowed = [](char c) { return is_lower(c) || ascii::is_digit(c) || c == '-'; };
    return !publisher.empty() && publisher.size() <= 63 &&
           std::ranges::all_of(publisher, allowed) && is_model_name(text.substr(slash + 1));
}

bool is_endpoint_id(std::string_view text) {
    constexpr std::string_view prefix = "mg-endpoint-";
    return (all_digits(text) && text.size() <= 32) ||
           (text.starts_with(prefix) && is_uuid(text.substr(prefix.size())));
}

bool is_location(std::string_view text) {
    auto hyphen = text.find('-');
    auto area = text.substr(0, hyphen);
    if (text.size() > 63 || area.empty() || !std::ranges::all_of(area, is_lower)) {
        return false;
    }
    if (hyphen == std::string_view::npos) {
        return true;
    }
    auto rest = text.substr(hyphen + 1);
    auto digits = std::ranges::find_if_not(rest, is_lower);
    return digits != rest.begin() && all_digits({digits, rest.end()});
}

bool is_project(std::string_view text) {
    if (all_digits(text)) {
        return text.size() <= 20;
    }
    auto colon = text.find(':');
    if (colon == std::string_view::npos) {
        return is_project_id(text);
    }
    auto domain = text.substr(0, colon);
    return domain.find('.') != std::string_view::npos && is_host_name(domain) &&
           is_project_id(text.substr(colon + 1));
}

std::optional<host_port> split_host_port(std::string_view text) {
    host_port parts;
    bool bracketed = text.starts_with('[');
    std::size_t host_end = 0;
    if (bracketed) {
        auto bracket = text.find(']');
        if (bracket == std::string_view::npos || !is_ipv6(text.substr(1, bracket - 1))) {
            return std::nullopt;
        }
        parts.host = text.substr(1, bracket - 1);
        host_end = bracket + 1;
    } else {
        host_end = std::min(text.find(':'), text.size());
        parts.host = text.substr(0, host_end);
        if (!is_host_name(parts.host)) {
            return std::nullopt;
        }
    }
    if (host_end == text.size()) {
        return parts;
    }
    parts.port = text.substr(host_end + 1);
    return text[host_end] == ':' && is_port(parts.port) ? std::optional(parts) : std::nullopt;
}

} // namespace vertex_relay::core::grammar
