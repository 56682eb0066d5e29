#pragma once
// Google's token endpoint (RFC 6749 section 6 and RFC 7523) and what it knows about its clients.

#include "simulator/answer.hpp"
#include "simulator/request.hpp"
#include "simulator/tokens.hpp"

#include <string>

namespace vertex_relay::simulator {

/// What the endpoint knows about its clients; the same values are in the credential files.
struct registered_clients {
    std::string client_id;
    std::string client_secret;
    std::string refresh_token;
    std::string account_email;
    std::string account_key_id;
    std::string account_private_pem;
    std::string account_public_pem;
    std::string token_uri;
    std::string project;
};

/// Fresh secrets for one run; `token_uri` and `project` are copied.
registered_clients register_clients(std::string project, std::string token_uri,
                                    std::string private_pem, std::string public_pem);

struct grant_terms {
    token_store::time now;
    std::chrono::seconds lifetime; ///< becomes `expires_in`
};

/// Answers `POST /token`. 200 means a token was issued.
answer answer_token_request(request const& received, registered_clients const& clients,
                            token_store& tokens, grant_terms terms);

} // namespace vertex_relay::simulator
