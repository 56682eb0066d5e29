#pragma once
// Reads what a token server answered, or why it did not, and says what that means.

#include "core/google/access_token.hpp"
#include "core/google/credential.hpp"
#include "core/google/credential_failure.hpp"
#include "core/google/token_call.hpp"

#include <expected>
#include <optional>
#include <string_view>

namespace vertex_relay::core::google {

inline constexpr seconds token_lifetime_max{43'200};     ///< the longest Google grants (12 hours)
inline constexpr seconds token_lifetime_unstated{300};   ///< used when `expires_in` is missing

struct answer_conditions {
    seconds since_start{0};  ///< age of the process: a young metadata server may still say 404
    seconds clock_offset{0}; ///< what the request's times were corrected by
    seconds wall_now{0};     ///< UTC since 1970, for `Retry-After` dates
};

/// What the server of the credential's own identity said, the token exchange included: status 200
/// with a usable token, or the classified failure. Never quotes a token or the request.
std::expected<access_token, token_error> read_token_answer(credential const& from,
                                                           token_response const& response,
                                                           answer_conditions const& when);

/// The failure for a call that got no answer; `who` begins the sentence: `The token server HOST`.
token_error explain_call_fault(credential const& from, call_failure const& why,
                               std::string_view who);

/// `Date` of the answer minus `wall_now`: what to add to our clock to get the server's. Take it
/// from every answer, also of errors; accurate to about a second. None without a valid `Date`.
std::optional<seconds> clock_offset(token_response const& response, seconds wall_now);

/// It goes into a header: visible ASCII only, and not empty.
bool is_token_text(std::string_view text);

/// A 200 that holds no token: transient, `fault` continues "The token server's answer".
token_error unexpected_answer(credential const& from, std::string_view fault);

/// For a 401 of Vertex that a fresh token did not cure: `google_credentials_rejected`, permanent.
core::failure rejected_by_vertex(credential const& from);

} // namespace vertex_relay::core::google
