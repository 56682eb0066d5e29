#pragma once
// Why a token server said no (RFC 6749 section 5.2 and Google's additions), in words that help.

#include "core/google/credential.hpp"
#include "core/google/credential_failure.hpp"
#include "core/google/token_answer.hpp"

#include <string>
#include <string_view>

namespace vertex_relay::core::google {

/// The members of an error document, already fit for a message. All empty if there is none.
struct token_refusal {
    std::string error;       ///< `invalid_grant`, or Google's `PERMISSION_DENIED`
    std::string subtype;     ///< `invalid_rapt`
    std::string description; ///< `Token has been expired or revoked.`
    std::string reason = {}; ///< of Google's other APIs: `IAM_PERMISSION_DENIED`
};

token_refusal parse_refusal(std::string_view body);

/// For any status but 200.
token_error explain_refusal(credential const& from, token_response const& response,
                            answer_conditions const& when);

} // namespace vertex_relay::core::google
