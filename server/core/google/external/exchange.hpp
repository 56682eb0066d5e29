#pragma once
// A subject token for an access token at Google's Security Token Service (RFC 8693).

#include "core/google/external/subject_search.hpp"
#include "core/google/refusal_facts.hpp"

#include <string_view>

namespace vertex_relay::core::google {

inline constexpr std::string_view iam_scope = "https://www.googleapis.com/auth/iam";

/// `from` is an external account. The token is good for IAM only if a service account is acted as.
token_call exchange_call(credential const& from, external_account const& account,
                         subject_token const& subject);

/// Whether another subject token may help: Google calls the one that was sent stale or malformed.
bool is_stale_subject(token_response const& response);

/// The `explain_refusal` of the exchange.
token_error explain_exchange_refusal(refusal_facts const& facts);

/// `//iam.googleapis.com/locations/…/workforcePools/…`: people, not workloads.
bool is_workforce(std::string_view audience);

/// The number in `//iam.googleapis.com/projects/NUMBER/…`; empty if there is none.
std::string_view project_number_of(std::string_view audience);

} // namespace vertex_relay::core::google
