#include "core/google/assertion.hpp"

#include "core/base64.hpp"
#include "core/google/grant.hpp"
#include "core/google/private_key.hpp"
#include "core/json_text.hpp"

namespace vertex_relay::core::google {
namespace {

std::string header(service_account const& account) {
    std::string json = R"({"alg":"RS256","typ":"JWT")";
    if (!account.private_key_id.empty()) {
        json += R"(,"kid":)";
        append_json_string(json, account.private_key_id);
    }
    return json + "}";
}

void append_member(std::string& json, std::string_view name, std::string_view value) {
    json += json.empty() ? "{" : ",";
    append_json_string(json, name);
    json += ":";
    append_json_string(json, value);
}

std::expected<secret, std::string> sign(service_account const& account, std::string claims,
                                        seconds now) {
    auto issued = now - assertion_backdate;
    claims += R"(,"iat":)" + std::to_string(issued.count()) + R"(,"exp":)" +
              std::to_string((issued + assertion_lifetime).count()) + "}";
    auto text = base64url(header(account)) + "." + base64url(claims);
    auto signature = sign_rs256(account.private_key, text);
    if (!signature) {
        return std::unexpected(std::move(signature.error()));
    }
    return secret(text + "." + base64url(*signature));
}

} // namespace

std::expected<secret, std::string> bearer_assertion(service_account const& account, seconds now) {
    std::string claims;
    append_member(claims, "iss", account.client_email);
    append_member(claims, "scope", cloud_platform_scope);
    append_member(claims, "aud", account.address.text);
    return sign(account, std::move(claims), now);
}

std::expected<secret, std::string> self_signed_token(service_account const& account, seconds now) {
    std::string claims;
    append_member(claims, "iss", account.client_email);
    append_member(claims, "sub", account.client_email);
    append_member(claims, "scope", cloud_platform_scope);
    return sign(account, std::move(claims), now);
}

} // namespace vertex_relay::core::google
