#include "core/google/token_address.hpp"

#include "core/ascii.hpp"
#include "core/config/grammar.hpp"
#include "core/google/credential_failure.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace vertex_relay::core::google {
namespace {

constexpr std::array<std::string_view, 2> regional_services = {"sts", "iamcredentials"};

bool is_label(std::string_view text) {
    auto inside = [](char c) { return ascii::is_digit(c) || (c >= 'a' && c <= 'z') || c == '-'; };
    return !text.empty() && text.size() <= 63 && std::ranges::all_of(text, inside) &&
           text.front() != '-' && text.back() != '-';
}

/// What is left when `text` has both ends, or nothing.
std::optional<std::string_view> between(std::string_view text, std::string_view front,
                                        std::string_view back) {
    if (text.size() < front.size() + back.size() || !text.starts_with(front) ||
        !text.ends_with(back)) {
        return std::nullopt;
    }
    return text.substr(front.size(), text.size() - front.size() - back.size());
}

bool label_between(std::string_view text, std::string const& front, std::string const& back) {
    auto middle = between(text, front, back);
    return middle.has_value() && is_label(*middle);
}

bool is_google_host(std::string_view host, std::string_view universe) {
    auto name = between(host, "", "." + std::string(universe));
    if (!name) {
        return false;
    }
    if (*name == "oauth2") {
        return true;
    }
    return std::ranges::any_of(regional_services, [&](std::string_view view) {
        std::string service(view);
        return *name == service                              // sts
               || label_between(*name, "", "." + service)    // us-east1.sts
               || label_between(*name, service + ".", "")    // sts.us-east1, sts.mtls
               || label_between(*name, "", "-" + service)    // us-east1-sts
               || label_between(*name, service + "-", ".p"); // sts-name.p
    });
}

bool is_plain(std::string_view url) {
    return std::ranges::all_of(url, [](char c) {
        return c > ' ' && c < 127 && c != '\\' && c != '#' && c != '"' && c != '<' &&
               c != '>';
    });
}

std::optional<token_address> split(std::string_view url) {
    token_address address;
    std::string_view rest;
    if (ascii::istarts_with(url, "https://")) {
        address.scheme = "https";
        rest = url.substr(8);
    } else if (ascii::istarts_with(url, "http://")) {
        address.scheme = "http";
        rest = url.substr(7);
    }
    if (rest.empty() || !is_plain(url)) {
        return std::nullopt;
    }
    auto end = rest.find_first_of("/?");
    auto parts = grammar::split_host_port(rest.substr(0, end));
    if (!parts) {
        return std::nullopt;
    }
    address.host = ascii::to_lower(parts->host);
    address.port = ascii::parse_decimal<std::uint16_t>(parts->port)
                       .value_or(address.scheme == "https" ? 443 : 80);
    address.target = end == std::string_view::npos ? "" : std::string(rest.substr(end));
    if (!address.target.starts_with('/')) {
        address.target.insert(0, "/");
    }
    address.text = url;
    return address;
}

bool is_allowed(token_address const& address, credential_rules const& rules) {
    if (rules.allow_any_token_host) {
        return address.scheme == "https" || grammar::is_loopback(address.host);
    }
    if (address.scheme != "https" || address.port != 443) {
        return false;
    }
    return is_google_host(address.host, default_universe) ||
           (is_domain(rules.universe_domain) &&
            is_google_host(address.host, rules.universe_domain));
}

std::string quoted_member(std::string_view member, std::string_view url) {
    return std::string(member) + " \"" + quoted_text(url.substr(0, url.find('?'))) + "\"";
}

core::failure not_an_address(std::string const& named) {
    return credentials_refused(
        "token_host_refused",
        named + " is not an absolute https address without user name, fragment or blanks. "
                "Download or create the credential file again.");
}

} // namespace

bool is_link_local(std::string_view host) {
    if (grammar::is_ipv4(host)) {
        return host.starts_with("169.254.");
    }
    auto text = ascii::to_lower(host);
    bool local = text.size() > 4 && text.starts_with("fe") &&
                 std::string_view("89ab").find(text[2]) != std::string_view::npos &&
                 text[4] == ':';
    return grammar::is_ipv6(host) && (local || text.starts_with("fd00:ec2:"));
}

bool is_domain(std::string_view text) {
    if (text.size() > 253 || text.find('.') == std::string_view::npos) {
        return false;
    }
    for (;;) {
        auto dot = text.find('.');
        if (!is_label(text.substr(0, dot))) {
            return false;
        }
        if (dot == std::string_view::npos) {
            return true;
        }
        text.remove_prefix(dot + 1);
    }
}

result<token_address> parse_token_address(std::string_view url, std::string_view member,
                                          credential_rules const& rules) {
    auto address = split(url);
    auto named = quoted_member(member, url);
    if (!address) {
        return std::unexpected(not_an_address(named));
    }
    if (!is_allowed(*address, rules)) {
        return std::unexpected(credentials_refused(
            "token_host_refused",
            named + " is not an address of Google's token servers, so the credential was not sent. "
                    "In another universe set google.universe_domain. If you trust the address, set "
                    "google.allow_any_token_host = true (plain http works for loopback only)."));
    }
    return std::move(*address);
}

result<token_address> parse_source_address(std::string_view url, std::string_view member,
                                           credential_rules const& rules) {
    auto address = split(url);
    auto named = quoted_member(member, url);
    if (!address) {
        return std::unexpected(not_an_address(named));
    }
    bool near = is_link_local(address->host) || grammar::is_loopback(address->host) ||
                address->host == "metadata.google.internal";
    if (address->scheme != "https" && !near && !rules.allow_any_token_host) {
        return std::unexpected(credentials_refused(
            "token_host_refused",
            named + " would bring a secret over plain http from another machine. Use https, or set "
                    "google.allow_any_token_host = true if you trust the network."));
    }
    return std::move(*address);
}

result<token_address> parse_aws_address(std::string_view url, std::string_view member,
                                        credential_rules const& rules) {
    auto address = parse_source_address(url, member, rules);
    bool known = address && address->scheme == "http" && address->port == 80 &&
                 (address->host == "169.254.169.254" || address->host == "fd00:ec2::254");
    if (address && !known && !rules.allow_any_token_host) {
        return std::unexpected(credentials_refused(
            "token_host_refused",
            quoted_member(member, url) + " is not the metadata service of AWS "
                                         "(http://169.254.169.254 or http://[fd00:ec2::254]). If "
                                         "you trust it, set google.allow_any_token_host = true."));
    }
    return address;
}

} // namespace vertex_relay::core::google
