#pragma once
// One HTTP call on the way to a token, and what came of it.

#include "core/google/instant.hpp"
#include "core/google/token_address.hpp"
#include "core/secret.hpp"

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vertex_relay::core::google {

inline constexpr std::size_t token_answer_bytes_max = 64 * 1024; ///< read no more of the body

/// A certificate to show to a server that asks for one, as PEM text.
struct client_identity {
    secret certificates; ///< the own one first, then those that lead to its authority
    secret key;
};

/// One HTTP/1.1 request, complete but for `Host`, `Content-Length` and `Connection: close`, which
/// the io layer adds. Redirects are never followed. A fresh connection each time.
struct token_call {
    std::string scheme; ///< `https`: verify peer and host name; `http`: metadata or loopback only
    std::string host;   ///< IPv6 without brackets
    std::uint16_t port = 0;
    std::string method;
    std::string target;
    std::vector<std::pair<std::string, std::string>> headers;
    std::vector<std::pair<std::string, secret>> secret_headers = {};
    secret body = {};                ///< empty for GET
    milliseconds connect_timeout{0}; ///< per address
    milliseconds timeout{0};         ///< the whole call
    bool direct = false;             ///< never through a proxy (metadata servers)
    std::shared_ptr<client_identity const> identity = {}; ///< for mutual TLS; null: none
};

struct token_response {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers = {}; ///< any case
    secret body = {};

    /// First value by case-insensitive name; empty if absent.
    std::string_view header(std::string_view name) const;
};

/// Why there was no answer at all.
enum class call_fault {
    name_not_found,
    connect_failed,
    timed_out,
    tls_untrusted, ///< certificate or host name did not verify
    tls_failed,
    cut_off,        ///< closed or reset before the answer was whole
    malformed,      ///< not HTTP, or over a limit
    proxy_password, ///< a proxy wants one, or another
    proxy_refused,  ///< a proxy does not allow the connection
    proxy_failed,   ///< a proxy did not connect
};

struct call_failure {
    call_fault fault;
    /// `Connection refused`; for `tls_untrusted` and the proxy's faults a sentence or two with what
    /// to do. Never text of the server.
    std::string detail;
};
using call_outcome = std::expected<token_response, call_failure>;

/// A GET of `address`, with the time limits of a token server.
token_call get_call(token_address const& address);

/// A POST of `body`, likewise.
token_call post_call(token_address const& address, std::string_view content_type, secret body);

/// For a server of this machine that gives tokens: 1 s to connect, 5 s in all, never by a proxy.
token_call as_metadata_call(token_call call);

/// `https://host/path` for messages and `--explain`: without the query, which may hold secrets.
std::string place_of(token_call const& call);

} // namespace vertex_relay::core::google
