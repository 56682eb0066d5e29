#include "simulator/jwt.hpp"

#include "simulator/encoding.hpp"
#include "simulator/json_view.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>

namespace vertex_relay::simulator {

namespace {

bool signature_matches(std::string_view text, std::string const& signature,
                       std::string const& public_pem) {
    std::unique_ptr<BIO, decltype(&BIO_free)> bio(
        BIO_new_mem_buf(public_pem.data(), static_cast<int>(public_pem.size())), BIO_free);
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
        PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest(EVP_MD_CTX_new(),
                                                                   EVP_MD_CTX_free);
    auto bytes = [](std::string_view view) {
        return reinterpret_cast<unsigned char const*>(view.data());
    };
    return key && digest &&
           EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
           EVP_DigestVerify(digest.get(), bytes(signature), signature.size(), bytes(text),
                            text.size()) == 1;
}

std::string check_claims(json claims, assertion_rules const& rules, std::int64_t now) {
    constexpr std::int64_t skew = 300;
    auto issued = integer_or(member(claims, "iat"), 0);
    auto expires = integer_or(member(claims, "exp"), 0);
    if (text_or(member(claims, "iss"), "") != rules.issuer) {
        return "Invalid grant: account not found";
    }
    auto audience = text_or(member(claims, "aud"), "");
    if (audience != rules.audience && audience != "https://oauth2.googleapis.com/token") {
        return "Invalid JWT: Failed audience check. The right audience is " + rules.audience;
    }
    if (issued > now + skew || expires < now - skew || expires <= issued ||
        expires - issued > 3600) {
        return "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable "
               "timeframe. Check your iat and exp values in the JWT claim.";
    }
    return text_or(member(claims, "scope"), "").empty() ? "Invalid JWT: scope is missing." : "";
}

} // namespace

std::string verify_assertion(std::string_view assertion, assertion_rules const& rules,
                             std::chrono::sys_seconds now) {
    auto first = assertion.find('.');
    auto last = assertion.rfind('.');
    if (first == std::string_view::npos || first == last) {
        return "Invalid JWT";
    }
    auto head = decode_base64url(assertion.substr(0, first));
    auto claims = decode_base64url(assertion.substr(first + 1, last - first - 1));
    auto signature = decode_base64url(assertion.substr(last + 1));
    simdjson::dom::parser head_parser;
    simdjson::dom::parser claims_parser;
    json head_json;
    json claims_json;
    if (!head || !claims || !signature ||
        head_parser.parse(*head).get(head_json) != simdjson::SUCCESS ||
        claims_parser.parse(*claims).get(claims_json) != simdjson::SUCCESS) {
        return "Invalid JWT";
    }
    auto key_id = text_or(member(head_json, "kid"), "");
    if (text_or(member(head_json, "alg"), "") != "RS256" ||
        (!key_id.empty() && key_id != rules.key_id) ||
        !signature_matches(assertion.substr(0, last), *signature, rules.public_pem)) {
        return "Invalid JWT Signature.";
    }
    return check_claims(claims_json, rules, now.time_since_epoch().count());
}

} // namespace vertex_relay::simulator
