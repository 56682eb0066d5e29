#include "simulator/token_endpoint.hpp"

#include "core/ascii.hpp"
#include "simulator/encoding.hpp"
#include "simulator/json_text.hpp"
#include "simulator/json_view.hpp"
#include "simulator/jwt.hpp"

#include <fmt/format.h>

#include <functional>

namespace vertex_relay::simulator {

namespace {

/// Fields by name, from a form or from JSON; the real endpoint takes both.
using fields = std::function<std::string(std::string_view)>;

answer refuse(int status, std::string_view error, std::string_view description) {
    return {.status = status,
            .body = fmt::format("{{\n  \"error\": {},\n  \"error_description\": {}\n}}",
                                json_string(error), json_string(description))};
}

answer grant(token_store& tokens, grant_terms terms, std::string_view extra) {
    return {.extra_headers = "Cache-Control: no-cache, no-store, max-age=0, must-revalidate\r\n",
            .body = fmt::format("{{\n  \"access_token\": {},\n  \"expires_in\": {},\n{}"
                                "  \"token_type\": \"Bearer\"\n}}",
                                json_string(tokens.issue(terms.now, terms.lifetime)),
                                terms.lifetime.count(), extra)};
}

answer refresh(fields const& field, registered_clients const& clients, token_store& tokens,
               grant_terms terms) {
    if (field("client_id") != clients.client_id ||
        field("client_secret") != clients.client_secret) {
        return refuse(401, "invalid_client", "The OAuth client was not found.");
    }
    if (field("refresh_token") != clients.refresh_token) {
        return refuse(400, "invalid_grant", "Token has been expired or revoked.");
    }
    return grant(tokens, terms,
                 "  \"scope\": \"https://www.googleapis.com/auth/cloud-platform openid\",\n");
}

answer exchange_assertion(fields const& field, registered_clients const& clients,
                          token_store& tokens, grant_terms terms) {
    auto fault = verify_assertion(field("assertion"),
                                  {.issuer = clients.account_email,
                                   .audience = clients.token_uri,
                                   .key_id = clients.account_key_id,
                                   .public_pem = clients.account_public_pem},
                                  terms.now);
    return fault.empty() ? grant(tokens, terms, "") : refuse(400, "invalid_grant", fault);
}

} // namespace

registered_clients register_clients(std::string project, std::string token_uri,
                                    std::string private_pem, std::string public_pem) {
    registered_clients made;
    made.client_id = "764086051850-simulator.apps.googleusercontent.com";
    made.client_secret = "d-" + random_base64url(18);
    made.refresh_token = "1//0" + random_base64url(48);
    made.account_email = fmt::format("simulator@{}.iam.gserviceaccount.com", project);
    made.account_key_id = sha256_hex(public_pem).substr(0, 40);
    made.account_private_pem = std::move(private_pem);
    made.account_public_pem = std::move(public_pem);
    made.token_uri = std::move(token_uri);
    made.project = std::move(project);
    return made;
}

answer answer_token_request(request const& received, registered_clients const& clients,
                            token_store& tokens, grant_terms terms) {
    simdjson::dom::parser parser;
    json document;
    fields field = [&](std::string_view name) {
        return form_value(received.body, name).value_or("");
    };
    if (core::ascii::istarts_with(received.find("content-type").value_or(""), "application/json")) {
        if (parser.parse(received.body).get(document) != simdjson::SUCCESS) {
            return refuse(400, "invalid_request", "Invalid JSON payload");
        }
        field = [&](std::string_view name) {
            return std::string(text_or(member(document, name), ""));
        };
    }
    auto type = field("grant_type");
    if (type == "refresh_token") {
        return refresh(field, clients, tokens, terms);
    }
    if (type == "urn:ietf:params:oauth:grant-type:jwt-bearer") {
        return exchange_assertion(field, clients, tokens, terms);
    }
    return refuse(400, "unsupported_grant_type", "Invalid grant_type: " + type);
}

} // namespace vertex_relay::simulator
