#pragma once
// Token exchange (STS, RFC 8693) and impersonation (IAM Credentials).

#include "simulator/answer.hpp"
#include "simulator/foreign_identity.hpp"
#include "simulator/request.hpp"
#include "simulator/token_endpoint.hpp"

namespace vertex_relay::simulator {

/// `POST /v1/token`: exchanges what `check_subject` takes.
answer answer_token_exchange(request const& received, foreign_identity const& known,
                             token_store& tokens, grant_terms terms);

/// `POST /v1/oauthtoken`: the login of a workforce pool. Its refresh token is replaced each time;
/// the first one and the latest are good.
answer answer_workforce(request const& received, foreign_identity& known, token_store& tokens,
                        grant_terms terms);

/// Whether the path is `/v1/projects/-/serviceAccounts/{email}:generateAccessToken`.
bool is_impersonation(std::string_view path);

/// Needs a good bearer; `lifetime` (`"3600s"` at most) is honoured.
answer answer_impersonation(request const& received, token_store& tokens, grant_terms terms);

} // namespace vertex_relay::simulator
