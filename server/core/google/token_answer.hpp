#pragma once
// Reads what a token server answered, or why it did not, and says what that means.

#include "core/google/access_token.hpp"
#include "core/google/credential.hpp"
#include "core/google/credential_failure.hpp"

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vertex_relay::core::google {

inline constexpr std::size_t token_answer_bytes_max = 64 * 1024; ///< read no more of the body
inline constexpr seconds token_lifetime_max{43'200};     ///< the longest Google grants (12 hours)
inline constexpr seconds token_lifetime_unstated{300};   ///< used when `expires_in` is missing

struct token_response {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers = {}; ///< any case
    secret body = {};

    /// First value by case-insensitive name; empty if absent.
    std::string_view header(std::string_view name) const;
};

struct answer_conditions {
    seconds since_start{0};  ///< age of the process: a young metadata server may still say 404
    seconds clock_offset{0}; ///< the one `make_grant` was given, see below
    seconds wall_now{0};     ///< UTC since 1970, for `Retry-After` dates
};

/// Status 200 with a usable token, or the classified failure. Never quotes a token or the request.
std::expected<access_token, token_error> read_token_answer(credential const& from,
                                                           token_response const& response,
                                                           answer_conditions const& when);

/// No answer at all.
enum class call_fault {
    name_not_found,
    connect_failed,
    timed_out,
    tls_untrusted, ///< certificate or host name did not verify
    tls_failed,
    cut_off,       ///< closed or reset before the answer was whole
    malformed,     ///< not HTTP, or over a limit
};
/// `detail` is the system's text (`Connection refused`); `host` the one called.
token_error explain_call_fault(credential const& from, call_fault fault, std::string_view host,
                               std::string_view detail);

/// `Date` of the answer minus `wall_now`: what to add to our clock to get the server's. Take it
/// from every answer, also of errors; accurate to about a second. None without a valid `Date`.
std::optional<seconds> clock_offset(token_response const& response, seconds wall_now);

/// For a 401 of Vertex that a fresh token did not cure: `google_credentials_rejected`, permanent.
core::failure rejected_by_vertex(credential const& from);

} // namespace vertex_relay::core::google
