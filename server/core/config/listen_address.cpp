#include "core/config/listen_address.hpp"

#include "core/ascii.hpp"
#include "core/config/grammar.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vertex_relay::core {

namespace {

constexpr std::size_t unix_path_max = 107; // unix(7): sun_path holds 108 bytes with its NUL

std::expected<listen_address, std::string> parse_unix_path(std::string_view path) {
    auto visible = [](char c) { return static_cast<unsigned char>(c) > ' ' && c != '\x7f'; };
    bool printable = std::ranges::all_of(path, visible);
    if (!path.starts_with('/') || path.ends_with('/') || !printable) {
        return std::unexpected("expected unix: followed by an absolute path, unix:/run/relay.sock");
    }
    if (path.size() > unix_path_max) {
        return std::unexpected("the path of a Unix socket has at most 107 bytes");
    }
    listen_address address;
    address.path = path;
    return address;
}

} // namespace

std::string listen_address::text() const {
    if (is_unix()) {
        return "unix:" + path;
    }
    bool v6 = host.contains(':');
    return fmt::format("{}{}{}:{}", v6 ? "[" : "", host, v6 ? "]" : "", port);
}

bool listen_address::is_loopback() const { return is_unix() || grammar::is_loopback(host); }

std::expected<listen_address, std::string> parse_listen_address(std::string_view text) {
    constexpr std::string_view unix_prefix = "unix:";
    if (text.starts_with(unix_prefix)) {
        return parse_unix_path(text.substr(unix_prefix.size()));
    }
    constexpr auto expected =
        "expected ADDR:PORT such as 127.0.0.1:8642 or [::1]:8642, or unix:/path";
    auto colon = text.rfind(':');
    if (colon == std::string_view::npos) {
        return std::unexpected(expected);
    }
    auto host = text.substr(0, colon);
    auto port = ascii::parse_decimal<std::uint16_t>(text.substr(colon + 1));
    if (ascii::iequals(host, "localhost")) {
        return std::unexpected("expected an address, not a name: write 127.0.0.1:PORT or "
                               "[::1]:PORT for localhost");
    }
    bool bracketed = host.size() > 2 && host.starts_with('[') && host.ends_with(']');
    if (bracketed) {
        host = host.substr(1, host.size() - 2);
    }
    if (!port || !(bracketed ? grammar::is_ipv6(host) : grammar::is_ipv4(host))) {
        return std::unexpected(expected);
    }
    return listen_address{.host = std::string(host), .port = *port, .path = {}};
}

} // namespace vertex_relay::core
