#include "core/google/grant.hpp"

#include "core/google/assertion.hpp"
#include "core/google/form.hpp"
#include "unit/google/samples.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using namespace vertex_relay::core::google;

namespace {

constexpr seconds now{1767323045}; // 2026-01-02T03:04:05Z, as in google-auth's captures

std::string header_of(token_call const& call, std::string_view name) {
    for (auto const& [key, value] : call.headers) {
        if (key == name) {
            return value;
        }
    }
    return "";
}

struct three_parts {
    std::string header, claims, signed_text, signature;
};

three_parts split(std::string_view jwt) {
    auto one = jwt.find('.');
    auto two = jwt.rfind('.');
    REQUIRE(one < two);
    return {vertex_relay::test::from_base64url(jwt.substr(0, one)),
            vertex_relay::test::from_base64url(jwt.substr(one + 1, two - one - 1)),
            std::string(jwt.substr(0, two)),
            vertex_relay::test::from_base64url(jwt.substr(two + 1))};
}

} // namespace

TEST_CASE("a user login asks as google-auth does", "[google][grant]") {
    auto made = make_grant(vertex_relay::test::user_credential(), now);
    REQUIRE(made);
    auto const& call = std::get<token_call>(*made);
    CHECK(call.scheme == "https");
    CHECK(call.host == "oauth2.googleapis.com");
    CHECK(call.port == 443);
    CHECK(call.method == "POST");
    CHECK(call.target == "/token");
    CHECK(header_of(call, "Content-Type") == "application/x-www-form-urlencoded");
    CHECK(call.body.reveal() == "grant_type=refresh_token&client_id=123&client_secret=secret&"
                                "refresh_token=alabalaportocala");
    CHECK(call.body.reveal().size() == 90);
    CHECK(call.timeout == milliseconds{10'000});
    CHECK_FALSE(call.direct);
}

TEST_CASE("form values are percent-encoded", "[google][grant]") {
    CHECK(percent_encoded("aZ09-._~") == "aZ09-._~");
    CHECK(percent_encoded("1//0 &=+%") == "1%2F%2F0%20%26%3D%2B%25");
    CHECK(percent_encoded("\xC3\xA4\n") == "%C3%A4%0A");

    auto user = parse_credential(R"({"type":"authorized_user","client_id":"a b","client_secret":)"
                                 R"("&=","refresh_token":"1//0x"})",
                                 "/f", {});
    REQUIRE(user);
    auto made = make_grant(*user, now);
    REQUIRE(made);
    CHECK(std::get<token_call>(*made).body.reveal() ==
          "grant_type=refresh_token&client_id=a%20b&client_secret=%26%3D&refresh_token=1%2F%2F0x");
}

TEST_CASE("a service account sends a signed assertion", "[google][grant]") {
    auto made = make_grant(vertex_relay::test::account_credential(), now);
    REQUIRE(made);
    auto const& call = std::get<token_call>(*made);
    auto body = call.body.reveal();
    constexpr std::string_view front = "assertion=";
    constexpr std::string_view back =
        "&grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer";
    REQUIRE(body.starts_with(front));
    REQUIRE(body.ends_with(back));
    auto jwt = split(body.substr(front.size(), body.size() - front.size() - back.size()));
    CHECK(jwt.header == R"({"alg":"RS256","typ":"JWT","kid":"1"})");
    CHECK(jwt.claims == R"({"iss":"service-account@example.com",)"
                        R"("scope":"https://www.googleapis.com/auth/cloud-platform",)"
                        R"("aud":"https://oauth2.googleapis.com/token",)"
                        R"("iat":1767323035,"exp":1767326635})");
    CHECK(vertex_relay::test::verifies(jwt.signed_text, jwt.signature));
}

TEST_CASE("the audience is the file's token_uri", "[google][grant]") {
    auto account = parse_credential(
        vertex_relay::test::account_file(R"(,"token_uri":"https://127.0.0.1:4711/token")"), "/f",
        {.allow_any_token_host = true});
    REQUIRE(account);
    std::get<service_account>(account->source).private_key_id.clear();
    auto made = make_grant(*account, now);
    REQUIRE(made);
    auto const& call = std::get<token_call>(*made);
    CHECK(call.host == "127.0.0.1");
    CHECK(call.port == 4711);
    auto jwt = bearer_assertion(std::get<service_account>(account->source), now);
    REQUIRE(jwt);
    auto parts = split(jwt->reveal());
    CHECK(parts.header == R"({"alg":"RS256","typ":"JWT"})");
    CHECK(parts.claims.find(R"("aud":"https://127.0.0.1:4711/token")") != std::string::npos);
}

TEST_CASE("in another universe the signature is the token", "[google][grant]") {
    auto made = make_grant(
        vertex_relay::test::account_credential(R"(,"universe_domain":"example.goog")"), now);
    REQUIRE(made);
    auto const* token = std::get_if<access_token>(&*made);
    REQUIRE(token != nullptr);
    CHECK(token->lifetime == seconds{3590}); // from now until `exp`
    auto jwt = split(token->value.reveal());
    CHECK(jwt.claims == R"({"iss":"service-account@example.com",)"
                        R"("sub":"service-account@example.com",)"
                        R"("scope":"https://www.googleapis.com/auth/cloud-platform",)"
                        R"("iat":1767323035,"exp":1767326635})");
    CHECK(vertex_relay::test::verifies(jwt.signed_text, jwt.signature));
}

TEST_CASE("the metadata server is asked plainly and directly", "[google][grant]") {
    auto made = make_grant(vertex_relay::test::metadata_credential(), now);
    REQUIRE(made);
    auto const& call = std::get<token_call>(*made);
    CHECK(call.scheme == "http");
    CHECK(call.host == "169.254.169.254");
    CHECK(call.port == 80);
    CHECK(call.method == "GET");
    CHECK(call.target == "/computeMetadata/v1/instance/service-accounts/default/token?scopes="
                         "https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fcloud-platform");
    CHECK(header_of(call, "Metadata-Flavor") == "Google");
    CHECK(call.body.empty());
    CHECK(call.direct);
    CHECK(call.timeout == milliseconds{5'000});
    CHECK(metadata_call({}, metadata_probe_path).timeout == milliseconds{3'000});
    CHECK(metadata_call({}, metadata_project_path).target ==
          "/computeMetadata/v1/project/project-id");
}
