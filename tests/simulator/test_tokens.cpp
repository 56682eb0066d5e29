#include "client.hpp"
#include "simulator/encoding.hpp"
#include "simulator/json_view.hpp"
#include "simulator/metadata.hpp"
#include "simulator/other_clouds.hpp"
#include "simulator/tokens.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <catch2/catch.hpp>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace vertex_relay::simulator;
using namespace vertex_relay::simulator::testing;
using namespace std::chrono_literals;

namespace {

std::string contents(std::filesystem::path const& file) {
    std::ostringstream out;
    out << std::ifstream(file).rdbuf();
    return out.str();
}

std::string field(std::string const& text, std::string_view name) {
    simdjson::dom::parser parser;
    json document;
    REQUIRE(parser.parse(text).get(document) == simdjson::SUCCESS);
    return std::string(text_or(member(document, name), ""));
}

response post_form(instance const& server, std::string_view path, std::string_view form) {
    client one(server);
    one.send(fmt::format("POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                         "application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{}",
                         path, form.size(), form));
    return one.read();
}

std::string refresh_form(std::string const& file) {
    return fmt::format("grant_type=refresh_token&client_id={}&client_secret={}&refresh_token={}",
                       field(file, "client_id"), field(file, "client_secret"),
                       field(file, "refresh_token"));
}

std::string sign(std::string_view text, std::string const& pem) {
    std::unique_ptr<BIO, decltype(&BIO_free)> bio(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
        PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest(EVP_MD_CTX_new(),
                                                                   EVP_MD_CTX_free);
    auto const* bytes = reinterpret_cast<unsigned char const*>(text.data());
    std::string out(512, '\0');
    auto size = out.size();
    REQUIRE(EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1);
    REQUIRE(EVP_DigestSign(digest.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                           bytes, text.size()) == 1);
    out.resize(size);
    return out;
}

std::string assertion(std::string const& file, std::int64_t issued, std::string const& audience) {
    auto head = fmt::format(R"({{"alg":"RS256","typ":"JWT","kid":"{}"}})",
                            field(file, "private_key_id"));
    auto claims = fmt::format(R"({{"iss":"{}","scope":"https://www.googleapis.com/auth/)"
                              R"(cloud-platform","aud":"{}","iat":{},"exp":{}}})",
                              field(file, "client_email"), audience, issued, issued + 3600);
    auto text = base64url(head) + "." + base64url(claims);
    return "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" + text +
           "." + base64url(sign(text, field(file, "private_key")));
}

} // namespace

TEST_CASE("tokens expire, and only issued ones are good") {
    token_store store;
    token_store::time now{1000s};
    auto token = store.issue(now, 10s);
    CHECK(store.judge("Bearer " + token, now + 9s) == bearer::good);
    CHECK(store.judge("bearer  " + token, now) == bearer::good);
    CHECK(store.judge("Bearer " + token, now + 10s) == bearer::bad);
    CHECK(store.judge("Bearer else", now) == bearer::bad);
    CHECK(store.judge("Bearer ", now) == bearer::bad);
    CHECK(store.judge("", now) == bearer::missing);
}

TEST_CASE("an authorized user's refresh token gets a token that works until it expires") {
    auto server = start({.token_lifetime = 100s});
    auto file = contents(server->credentials_file());
    CHECK(field(file, "type") == "authorized_user");
    CHECK(field(file, "token_uri") == fmt::format("https://127.0.0.1:{}/token", server->port()));
    auto reply = post_form(*server, "/token", refresh_form(file));
    REQUIRE(reply.status == 200);
    CHECK(reply.body.find("\"expires_in\": 100,") != std::string::npos);
    call with{.token = field(reply.body, "access_token")};
    CHECK(ask(*server, hello("google/gemini-3.5-flash"), with).status == 200);
    server->advance_clock(101s);
    auto late = ask(*server, hello("google/gemini-3.5-flash"), with);
    CHECK(late.status == 401);
    CHECK(late.body.find("ACCESS_TOKEN_TYPE_UNSUPPORTED") != std::string::npos);
    CHECK(server->seen().token_grants == 1);
}

TEST_CASE("revoked tokens are refused") {
    auto server = start();
    auto reply = post_form(*server, "/token", refresh_form(contents(server->credentials_file())));
    call with{.token = field(reply.body, "access_token")};
    server->revoke_tokens();
    CHECK(ask(*server, hello("google/gemini-3.5-flash"), with).status == 401);
}

TEST_CASE("wrong grants are refused in OAuth's words") {
    auto server = start();
    auto form = refresh_form(contents(server->credentials_file()));
    auto revoked = post_form(*server, "/token", form + "x");
    CHECK(revoked.status == 400);
    CHECK(field(revoked.body, "error") == "invalid_grant");
    auto stranger = post_form(*server, "/token", "client_id=x&" + form);
    CHECK(field(stranger.body, "error") == "invalid_client");
    CHECK(field(post_form(*server, "/token", "grant_type=x").body, "error") ==
          "unsupported_grant_type");
    CHECK(server->seen().token_requests == 3);
    CHECK(server->seen().token_grants == 0);
}

TEST_CASE("a service account's assertion is verified") {
    auto server = start();
    auto file = contents(server->service_account_file());
    auto uri = field(file, "token_uri");
    auto now = std::time(nullptr);
    CHECK(post_form(*server, "/token", assertion(file, now - 10, uri)).status == 200);
    auto refused = [&](std::string const& form) {
        auto reply = post_form(*server, "/token", form);
        CHECK(reply.status == 400);
        return field(reply.body, "error_description");
    };
    CHECK(refused(assertion(file, now - 7200, uri)).find("short-lived token") !=
          std::string::npos);
    CHECK(refused(assertion(file, now, "https://elsewhere/")).find("audience") !=
          std::string::npos);
    auto good = assertion(file, now, uri);
    auto forged = good;
    forged[forged.size() - 20] = forged[forged.size() - 20] == 'A' ? 'B' : 'A';
    CHECK(refused(forged) == "Invalid JWT Signature.");
    auto other = start();
    CHECK(refused(assertion(contents(other->service_account_file()), now, uri)) ==
          "Invalid JWT Signature.");
}

TEST_CASE("missing and malformed bearers are told apart") {
    auto server = start();
    client one(*server);
    auto request = http({}, hello("google/gemini-3.5-flash"));
    auto at = request.find("Authorization");
    request.erase(at, request.find("\r\n", at) + 2 - at);
    one.send(request);
    auto reply = one.read();
    CHECK(reply.status == 401);
    CHECK(reply.body.starts_with("[{"));
    CHECK(reply.body.find("CREDENTIALS_MISSING") != std::string::npos);
    auto native = ask(*server, "", {.endpoint = "1234", .token = "x", .verb = "", .method = "GET"});
    CHECK(native.status == 401);
    CHECK(native.body.starts_with("{\n"));
}

TEST_CASE("the metadata server keeps its rules and its token") {
    token_store tokens;
    counters seen;
    metadata_server server(tokens, seen, "p");
    grant_terms terms{.now = token_store::time(1000s), .lifetime = 3599s};
    request asked{.method = "GET",
                  .target = "/computeMetadata/v1/instance/service-accounts/default/token?scopes=a",
                  .headers = {{"metadata-flavor", "Google"}}};
    auto first = server.reply(asked, terms);
    CHECK(first.extra_headers == "Metadata-Flavor: Google\r\n");
    CHECK(first.body.find(R"("expires_in":3599)") != std::string::npos);
    terms.now += 3000s;
    auto again = server.reply(asked, terms);
    CHECK(field(again.body, "access_token") == field(first.body, "access_token"));
    CHECK(again.body.find(R"("expires_in":599)") != std::string::npos);
    terms.now += 300s;
    CHECK(field(server.reply(asked, terms).body, "access_token") !=
          field(first.body, "access_token"));
    CHECK(seen.metadata_tokens == 3);
    asked.headers.push_back({"x-forwarded-for", "1.2.3.4"});
    CHECK(server.reply(asked, terms).status == 403);
    asked.headers.clear();
    CHECK(server.reply(asked, terms).status == 403);
    asked.headers = {{"metadata-flavor", "Google"}};
    asked.target = "/computeMetadata/v1/project/project-id";
    CHECK(server.reply(asked, terms).body == "p");
    asked.target = "/computeMetadata/v1/universe/universe-domain";
    CHECK(server.reply(asked, terms).body == "googleapis.com");
    asked.target = "/computeMetadata/v1/nothing";
    CHECK(server.reply(asked, terms).status == 404);
}

namespace {

std::string exchange_form(std::string_view more,
                          std::string_view audience = "%2F%2Fiam.googleapis.com%2Fprojects%2F1") {
    return fmt::format("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&"
                       "audience={}&scope=s&requested_token_type=t&{}",
                       audience, more);
}

constexpr auto jwt_type = "&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt";

} // namespace

TEST_CASE("token exchange and impersonation give tokens that work") {
    auto server = start();
    auto exchanged = post_form(*server, "/v1/token",
                               exchange_form(std::string("subject_token=x") + jwt_type));
    REQUIRE(exchanged.status == 200);
    auto source = field(exchanged.body, "access_token");
    CHECK(post_form(*server, "/v1/token", "grant_type=x").status == 400);
    std::string body = R"({"scope":["s"],"lifetime":"600s"})";
    client one(*server);
    one.send(fmt::format("POST /v1/projects/-/serviceAccounts/t@p.iam.gserviceaccount.com"
                         ":generateAccessToken HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                         "Bearer {}\r\nContent-Length: {}\r\n\r\n{}",
                         source, body.size(), body));
    auto reply = one.read();
    REQUIRE(reply.status == 200);
    CHECK(field(reply.body, "expireTime").ends_with("Z"));
    call with{.token = field(reply.body, "accessToken")};
    CHECK(ask(*server, hello("google/gemini-3.5-flash"), with).status == 200);
}

TEST_CASE("the token exchange refuses what Google refuses") {
    auto server = start();
    auto error = [&](std::string const& form) {
        auto reply = post_form(*server, "/v1/token", form);
        CHECK(reply.status == 400);
        return field(reply.body, "error") + ": " + field(reply.body, "error_description");
    };
    auto expired = "a." + base64url(R"({"iat":17,"exp":18})") + ".b";
    CHECK(error(exchange_form("subject_token=" + expired + jwt_type)) ==
          "invalid_grant: ID Token issued at 17 is stale to sign-in.");
    auto fresh = "a." + base64url(fmt::format(R"({{"exp":{}}})", std::time(nullptr) + 60)) + ".b";
    CHECK(post_form(*server, "/v1/token",
                    exchange_form("subject_token=" + fresh + jwt_type))
              .status == 200);
    CHECK(error(exchange_form("subject_token=a.b.c" + std::string(jwt_type)))
              .starts_with("invalid_grant"));
    CHECK(error(exchange_form(std::string("subject_token=x") + jwt_type, "pool"))
              .starts_with("invalid_request"));
    auto options = "&options=%7B%22userProject%22%3A%22p%22%7D";
    CHECK(error(exchange_form(std::string("subject_token=x") + jwt_type + options))
              .starts_with("invalid_request"));
    CHECK(post_form(*server, "/v1/token",
                    exchange_form(std::string("subject_token=x") + jwt_type + options,
                                  "%2F%2Fiam.googleapis.com%2Flocations%2Fglobal%2F"
                                  "workforcePools%2Fp%2Fproviders%2Fx"))
              .status == 200);
    auto mtls = "&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Amtls";
    CHECK(error(exchange_form(std::string("subject_token=%5B%22AAAA%22%5D") + mtls))
              .starts_with("invalid_grant: The leaf certificate"));
    auto aws = "&subject_token_type=urn%3Aietf%3Aparams%3Aaws%3Atoken-type%3Aaws4_request";
    CHECK(error(exchange_form(std::string("subject_token=%257B%257D") + aws))
              .starts_with("invalid_grant: The AWS request is malformed"));
}

TEST_CASE("a workforce login rotates its refresh token") {
    auto server = start();
    auto file = contents(server->file("workforce.json"));
    auto basic = "Basic " + base64(field(file, "client_id") + ":" + field(file, "client_secret"));
    auto ask_for = [&](std::string const& token, std::string const& authorization) {
        auto form = "grant_type=refresh_token&refresh_token=" + token;
        client one(*server);
        one.send(fmt::format("POST /v1/oauthtoken HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                             "{}\r\nContent-Length: {}\r\n\r\n{}",
                             authorization, form.size(), form));
        return one.read();
    };
    auto first = ask_for(field(file, "refresh_token"), basic);
    REQUIRE(first.status == 200);
    auto rotated = field(first.body, "refresh_token");
    CHECK(rotated != field(file, "refresh_token"));
    CHECK(ask_for(rotated, basic).status == 200);
    CHECK(field(ask_for(rotated, basic).body, "error") == "invalid_grant"); // replaced since
    CHECK(field(ask_for(rotated, "Basic eDp5").body, "error") == "invalid_client");
}

TEST_CASE("the metadata port also plays EC2 and Azure") {
    auto made = make_foreign_identity();
    REQUIRE(made);
    auto ask_aws = [&](std::string method, std::string target, request::header header) {
        request asked{.method = std::move(method), .target = std::move(target)};
        asked.headers.push_back(std::move(header));
        return *answer_other_cloud(asked, *made);
    };
    request::header lifetime{"x-aws-ec2-metadata-token-ttl-seconds", "300"};
    auto session = ask_aws("PUT", "/latest/api/token", lifetime);
    CHECK(session.status == 200);
    CHECK(ask_aws("PUT", "/latest/api/token", {"x", "y"}).status == 400);
    request::header with{"x-aws-ec2-metadata-token", session.body};
    CHECK(ask_aws("GET", "/latest/meta-data/placement/availability-zone", with).body ==
          "us-east-2b");
    CHECK(ask_aws("GET", "/latest/meta-data/placement/availability-zone", {"x", "y"}).status ==
          401);
    constexpr auto keys = "/latest/meta-data/iam/security-credentials";
    auto role = ask_aws("GET", keys, with).body;
    auto found = ask_aws("GET", std::string(keys) + "/" + role, with).body;
    CHECK(field(found, "SecretAccessKey") == made->aws_secret_key);
    CHECK(ask_aws("GET", "/latest/else", with).status == 404);

    constexpr auto azure = "/metadata/identity/oauth2/token?resource=x";
    CHECK(field(ask_aws("GET", azure, {"metadata", "True"}).body, "access_token") ==
          made->subject_token);
    CHECK(ask_aws("GET", azure, {"x", "y"}).status == 400);
    CHECK_FALSE(answer_other_cloud({.method = "GET", .target = "/computeMetadata/v1/"}, *made));
}
