#pragma once
// Acting as a service account: a token of one identity buys one of another
// (`generateAccessToken`, cloud.google.com/iam/docs/reference/credentials/rest).

#include "core/google/token_answer.hpp"

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::core::google {

/// `https://iamcredentials.…/v1/projects/-/serviceAccounts/EMAIL:generateAccessToken`, checked: an
/// allowed host, this path exactly. The account is taken out of it. `member` names the file's
/// member; fails with `google_credentials_token_host_refused` or `bad_file`.
result<impersonation> parse_impersonation(std::string_view url, std::string_view member,
                                          credential_rules const& rules);

/// Adds what `google.impersonate_service_account` asks for: the target, then, separated by commas,
/// each account through which the one before it is reached. Does nothing for an empty text. Call
/// when the universe is known.
void impersonate(credential& from, std::string_view accounts);

/// The delegate in the form the API wants: gcloud writes bare e-mail addresses.
std::string delegate_name(std::string_view account);

/// Sends the token of the identity before.
token_call impersonation_call(impersonation const& as, secret const& token);

/// 200 with a token whose `expireTime` is ahead by the server's own clock, or the classified
/// failure.
std::expected<access_token, token_error> read_impersonation_answer(credential const& from,
                                                                   impersonation const& as,
                                                                   token_response const& response,
                                                                   answer_conditions const& when);

} // namespace vertex_relay::core::google
