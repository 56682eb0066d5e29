#pragma once
// Token exchange (STS, RFC 8693) and impersonation (IAM Credentials).

#include "simulator/answer.hpp"
#include "simulator/request.hpp"
#include "simulator/token_endpoint.hpp"

namespace vertex_relay::simulator {

/// `POST /v1/token`: any subject token with the mandatory fields is exchanged.
answer answer_token_exchange(request const& received, token_store& tokens, grant_terms terms);

/// Whether the path is `/v1/projects/-/serviceAccounts/{email}:generateAccessToken`.
bool is_impersonation(std::string_view path);

/// Needs a good bearer; `lifetime` (`"3600s"` at most) is honoured.
answer answer_impersonation(request const& received, token_store& tokens, grant_terms terms);

} // namespace vertex_relay::simulator
