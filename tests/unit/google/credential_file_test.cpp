#include "core/google/credential_file.hpp"

#include "unit/google/samples.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using namespace vertex_relay::core::google;
using Catch::Matchers::Contains;
using vertex_relay::test::account_file;
using vertex_relay::test::user_file;

namespace {

/// Code (without its prefix) and message of a file that must be refused for good.
std::pair<std::string, std::string> refusal(std::string_view text, credential_rules rules = {}) {
    auto found = parse_credential(text, "/x/adc.json", rules);
    REQUIRE_FALSE(found);
    auto const& error = found.error();
    CHECK(error.kind == failure_class::permanent);
    CHECK(error.failure.status == 400);
    CHECK(error.failure.retry == retry_advice::never);
    CHECK_THAT(error.failure.message, Contains("/x/adc.json"));
    constexpr std::string_view prefix = "google_credentials_";
    REQUIRE(error.failure.code.starts_with(prefix));
    return {error.failure.code.substr(prefix.size()), error.failure.message};
}

} // namespace

TEST_CASE("a gcloud login is read whole", "[google][credential_file]") {
    auto found = parse_credential(
        "\xEF\xBB\xBF" + user_file(R"(,"account":"a@b.org","quota_project_id":"quota-from-file",)"
                                   R"("universe_domain":"googleapis.com","unknown":{"x":[1]})"),
        "/x/adc.json", {});
    REQUIRE(found);
    auto const* user = std::get_if<authorized_user>(&found->source);
    REQUIRE(user != nullptr);
    CHECK(user->client_id == "123");
    CHECK(user->client_secret.reveal() == "secret");
    CHECK(user->refresh_token.reveal() == "alabalaportocala");
    CHECK(user->address.text == "https://oauth2.googleapis.com/token");
    CHECK(found->quota_project == "quota-from-file");
    CHECK(found->account == "a@b.org");
    CHECK(found->universe_domain == "googleapis.com");
    CHECK(describe(*found) == "authorized_user from /x/adc.json, account a@b.org");
}

TEST_CASE("a service account key is read whole", "[google][credential_file]") {
    auto found = parse_credential(
        account_file(R"(,"token_uri":"https://oauth2.googleapis.com/token")"), "/x/adc.json", {});
    REQUIRE(found);
    auto const* account = std::get_if<service_account>(&found->source);
    REQUIRE(account != nullptr);
    CHECK(account->client_email == "service-account@example.com");
    CHECK(account->private_key_id == "1");
    CHECK(account->private_key.reveal() == vertex_relay::test::private_key());
    CHECK(found->project == "example-project");
    CHECK(found->account == "service-account@example.com");
    CHECK(type_name(*found) == "service_account");
}

TEST_CASE("a file of another universe needs no token server", "[google][credential_file]") {
    auto found = parse_credential(
        account_file(R"(,"universe_domain":"example.goog","token_uri":"https://evil.org/")"),
        "/x/adc.json", {});
    REQUIRE(found);
    CHECK(found->universe_domain == "example.goog");
    CHECK(std::get<service_account>(found->source).address.host.empty());

    CHECK(refusal(user_file(R"(,"universe_domain":"example.goog")")).first == "universe_mismatch");
    CHECK(refusal(user_file(R"(,"universe_domain":"a/b.c")")).first == "bad_file");
}

TEST_CASE("a required member is named when it is wrong", "[google][credential_file]") {
    struct sample {
        std::string text, says;
    };
    auto row = GENERATE(values<sample>({
        {R"({"type":"authorized_user"})", "\"client_id\" is missing"},
        {R"({"type":"authorized_user","client_id":""})", "\"client_id\" is empty"},
        {R"({"type":"authorized_user","client_id":7})", "\"client_id\" is not a string"},
        {R"({"type":"authorized_user","client_id":"1"})", "\"client_secret\" is missing"},
        {R"({"type":"authorized_user","client_id":"1","client_secret":null})",
         "\"client_secret\" is not a string"},
        {R"({"type":"authorized_user","client_id":"1","client_secret":"s"})",
         "\"refresh_token\" is missing"},
        {R"({"type":"service_account"})", "\"client_email\" is missing"},
        {R"({"type":"service_account","client_email":"e"})", "\"private_key\" is missing"},
        {R"({"type":"service_account","client_email":"e","private_key":[]})",
         "\"private_key\" is not a string"},
        {R"({})", "\"type\" is missing"},
        {R"({"type":""})", "\"type\" is empty"},
        {R"({"type":1})", "\"type\" is not a string"},
    }));
    auto [code, message] = refusal(row.text);
    CHECK(code == "bad_file");
    CHECK_THAT(message, Contains(row.says));
    CHECK_THAT(message, Contains("gcloud auth application-default login"));
}

TEST_CASE("an optional member of the wrong type is named, not passed over",
          "[google][credential_file]") {
    auto name = GENERATE(as<std::string>{}, "quota_project_id", "universe_domain");
    auto says = Contains("\"" + name + "\" is not a string");
    CHECK_THAT(refusal(user_file(",\"" + name + "\":[1]")).second, says);
    CHECK_THAT(refusal(account_file(",\"" + name + "\":7")).second, says);
    CHECK(parse_credential(user_file(",\"" + name + "\":null"), "/x/adc.json", {}));
}

TEST_CASE("so is one of a service account's own", "[google][credential_file]") {
    auto name = GENERATE(as<std::string>{}, "project_id", "private_key_id");
    auto file = R"({"type":"service_account","client_email":"e","private_key":)" +
                vertex_relay::test::json_string(vertex_relay::test::private_key()) + ",\"" + name +
                "\":true}";
    CHECK_THAT(refusal(file).second, Contains("\"" + name + "\" is not a string"));
}

TEST_CASE("text that is no credential document is refused", "[google][credential_file]") {
    struct sample {
        std::string text, says;
    };
    auto row = GENERATE(values<sample>({
        {"", "is empty"},
        {" \n", "is empty"},
        {"{", "is not valid JSON"},
        {"type: authorized_user", "is not valid JSON"},
        {R"({"type":"authorized_user"} x)", "is not valid JSON"},
        {"[]", "is not an object"},
        {"\"text\"", "is not an object"},
        {R"({"type":"service_account","type":"authorized_user"})", "\"type\" twice"},
    }));
    auto [code, message] = refusal(row.text);
    CHECK(code == "bad_file");
    CHECK_THAT(message, Contains(row.says));
}

TEST_CASE("types that are not supported are refused by name", "[google][credential_file]") {
    CHECK_THAT(refusal(R"({"type":"gdch_service_account"})").second,
               Contains("Google Distributed Cloud"));
    CHECK_THAT(refusal(R"({"type":"wizard\u0000"})").second,
               Contains("unknown credential type \"wizard \""));
    auto [code, message] = refusal(R"({"installed":{"client_id":"1"}})");
    CHECK(code == "client_file");
    CHECK_THAT(message, Contains("gcloud auth application-default login --client-id-file=/x/adc"));
    CHECK(refusal(R"({"web":{}})").first == "client_file");
}

TEST_CASE("a bad key says how it is bad", "[google][credential_file]") {
    auto text = R"({"type":"service_account","client_email":"e","private_key":)";
    auto in_one_line = vertex_relay::test::private_key();
    std::erase(in_one_line, '\n');
    auto [code, message] = refusal(text + vertex_relay::test::json_string(in_one_line) + "}");
    CHECK(code == "bad_key");
    CHECK_THAT(message, Contains("private_key has lost its line breaks"));
    CHECK_THAT(message, !Contains("MII"));
    CHECK(refusal(account_file("", vertex_relay::test::key_form::ec)).first == "bad_key");
}

TEST_CASE("a planted token_uri is refused", "[google][credential_file]") {
    auto evil = R"(,"token_uri":"https://evil.org/token")";
    auto [code, message] = refusal(user_file(evil));
    CHECK(code == "token_host_refused");
    CHECK_THAT(message, Contains("google.allow_any_token_host"));
    CHECK(refusal(account_file(evil)).first == "token_host_refused");
    CHECK(refusal(user_file(R"(,"token_uri":1)")).first == "bad_file");

    auto local = parse_credential(user_file(R"(,"token_uri":"https://127.0.0.1:4711/token")"),
                                  "/x/adc.json", {.allow_any_token_host = true});
    REQUIRE(local);
    CHECK(std::get<authorized_user>(local->source).address.port == 4711);
}

TEST_CASE("no message repeats a secret", "[google][credential_file]") {
    auto text = GENERATE(as<std::string>{},
                         R"({"type":"authorized_user","client_id":"1","refresh_token":"canary"})",
                         R"({"type":"authorized_user","client_secret":"canary")",
                         R"({"type":"service_account","client_email":"e","private_key":"canary"})",
                         R"({"refresh_token":"canary"})", "canary");
    CHECK_THAT(refusal(text).second, !Contains("canary"));
}

TEST_CASE("a rotated refresh token replaces the old one", "[google][credential_file]") {
    auto user = vertex_relay::test::user_credential();
    keep_rotated(user, secret());
    CHECK(std::get<authorized_user>(user.source).refresh_token.reveal() == "alabalaportocala");
    keep_rotated(user, secret("next"));
    CHECK(std::get<authorized_user>(user.source).refresh_token.reveal() == "next");
    auto machine = vertex_relay::test::metadata_credential();
    keep_rotated(machine, secret("next")); // ignored
    CHECK(type_name(machine) == "metadata server");
}
