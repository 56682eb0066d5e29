#pragma once
// What the texts of the configuration may look like. Strict where a text becomes part of a host
// name or a path, because the access token travels there.

#include <optional>
#include <string>
#include <string_view>

namespace vertex_relay::core::grammar {

/// Dotted decimal with four parts, no leading zeros (RFC 6943 section 3.1.1, the strict form).
bool is_ipv4(std::string_view text);

/// RFC 4291 section 2.2, without brackets or zone.
bool is_ipv6(std::string_view text);

/// `localhost`, 127.0.0.0/8, ::1 or ::ffff:127.0.0.0/104; a literal without brackets.
bool is_loopback(std::string_view host);

/// A host name (RFC 1123 section 2.1): labels of letters, digits and inner hyphens.
bool is_host_name(std::string_view text);

/// 1 to 65535, digits only.
bool is_port(std::string_view text);

/// `publisher/model`, `publisher/model@version`, at most 256 bytes, no `..`.
bool is_publisher_model(std::string_view text);

/// Digits, or `mg-endpoint-` and a UUID (one-click deployments of Model Garden).
bool is_endpoint_id(std::string_view text);

/// `global`, `us`, `eu`, `us-central1`: `[a-z]+(-[a-z]+[0-9]+)?`.
bool is_location(std::string_view text);

/// A project id (also domain-scoped, `example.com:id`) or number. The length is Google's to check.
bool is_project(std::string_view text);

/// The host and port parts of `HOST`, `HOST:PORT`, `1.2.3.4:PORT` or `[v6]:PORT`, brackets removed.
struct host_port {
    std::string_view host;
    std::string_view port; ///< empty: none given
};

/// nullopt unless the host is a name or a literal and the port, if given, is 1 to 65535.
std::optional<host_port> split_host_port(std::string_view text);

/// Rules for settings: nullopt if `text` is fine, else what was expected.
using complaint = std::optional<std::string>;
complaint listen(std::string_view text);
complaint file_mode(std::string_view text);
complaint project(std::string_view text);
complaint location(std::string_view text);
complaint service_accounts(std::string_view text);
complaint host_name(std::string_view text);
complaint endpoint_url(std::string_view text);
complaint resolve(std::string_view text);
complaint allowed_host(std::string_view text);
complaint origin(std::string_view text);
complaint uid(std::string_view text);
complaint group(std::string_view text);
complaint repair_name(std::string_view text);

} // namespace vertex_relay::core::grammar
