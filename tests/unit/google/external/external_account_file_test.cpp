#include "core/google/credential_file.hpp"

#include "unit/google/external/external_samples.hpp"
#include "unit/google/samples.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using namespace vertex_relay::core::google;
using namespace vertex_relay::test;
using Catch::Matchers::Contains;

namespace {

constexpr std::string_view in_file = R"({"file":"/var/run/token"})";

/// Code (without its prefix) and message of a file that must be refused for good.
std::pair<std::string, std::string> refusal(std::string const& text, credential_rules rules = {}) {
    auto found = parse_credential(text, "/wif.json", rules);
    REQUIRE_FALSE(found);
    CHECK(found.error().kind == failure_class::permanent);
    CHECK(found.error().failure.status == 400);
    CHECK_THAT(found.error().failure.message, Contains("/wif.json"));
    return {found.error().failure.code.substr(std::string("google_credentials_").size()),
            found.error().failure.message};
}

external_account const& account_of(credential const& from) {
    return std::get<external_account>(from.source);
}

template <class Source>
Source const& source_of(credential const& from) {
    return std::get<Source>(account_of(from).source);
}

} // namespace

TEST_CASE("a workload's file is read whole", "[google][external]") {
    auto found = parse_credential(
        external_file(R"({"file":"/t","format":{"type":"json","subject_token_field_name":"a"}})",
                      acting_member() +
                          R"(,"service_account_impersonation":{"token_lifetime_seconds":2800},)"
                          R"("client_id":"id","client_secret":"s","quota_project_id":"qp",)"
                          R"("token_info_url":"https://sts.googleapis.com/v1/introspect")"),
        "/wif.json", {});
    REQUIRE(found);
    CHECK(type_name(*found) == "external_account");
    auto const& account = account_of(*found);
    CHECK(account.audience == pool_audience);
    CHECK(account.subject_token_type == "urn:ietf:params:oauth:token-type:jwt");
    CHECK(account.address.text == "https://sts.googleapis.com/v1/token");
    CHECK(account.client_id == "id");
    CHECK(account.client_secret.reveal() == "s");
    CHECK(source_of<file_source>(*found).path == "/t");
    CHECK(source_of<file_source>(*found).format.member == "a");
    CHECK(found->project == "123456");
    CHECK(found->quota_project == "qp");
    REQUIRE(found->acts_as.size() == 1);
    CHECK(found->acts_as[0].account == "target@p.iam.gserviceaccount.com");
    CHECK(found->acts_as[0].lifetime == seconds{2800});
}

TEST_CASE("the token server follows the universe", "[google][external]") {
    struct row {
        std::string members, expected;
    };
    auto sample = GENERATE(values<row>({
        {R"("token_url":"https://sts.googleapis.com/v1/token")",
         "https://sts.googleapis.com/v1/token"},
        {R"("token_url":"")", "https://sts.googleapis.com/v1/token"},
        {R"("universe_domain":"googleapis.com")", "https://sts.googleapis.com/v1/token"},
        {R"("universe_domain":"example.com")", "https://sts.example.com/v1/token"},
    }));
    auto found = parse_credential(R"({"type":"external_account","audience":"a",)"
                                  R"("subject_token_type":"t","credential_source":)" +
                                      std::string(in_file) + "," + sample.members + "}",
                                  "/wif.json", {.universe_domain = "example.com"});
    REQUIRE(found);
    CHECK(account_of(*found).address.text == sample.expected);
    CHECK(found->project.empty());
}

TEST_CASE("another universe must be the operator's choice too", "[google][external]") {
    auto text = R"({"type":"external_account","audience":"a","subject_token_type":"t",)"
                R"("universe_domain":"example.com","credential_source":)" +
                std::string(in_file) + "}";
    auto [code, message] = refusal(text);
    CHECK(code == "token_host_refused");
    CHECK_THAT(message, Contains("google.universe_domain"));
}

TEST_CASE("every kind of source is read", "[google][external]") {
    auto url = external_credential(
        R"({"url":"http://169.254.169.254/token?x=1","headers":{"Metadata":"True"}})");
    CHECK(source_of<url_source>(url).address.target == "/token?x=1");
    CHECK(source_of<url_source>(url).headers.at(0).first == "Metadata");
    CHECK(source_of<url_source>(url).headers.at(0).second.reveal() == "True");
    CHECK(source_of<url_source>(url).format.member.empty());

    auto program = external_credential(
        R"({"executable":{"command":"/x y","timeout_millis":5000,"output_file":"/o"}})");
    CHECK(source_of<executable_source>(program).command == "/x y");
    CHECK(source_of<executable_source>(program).timeout == milliseconds{5000});
    CHECK(source_of<executable_source>(program).output_file == "/o");
    CHECK(source_of<executable_source>(external_credential(R"({"executable":{"command":"/x"}})"))
              .timeout == milliseconds{30'000});

    auto aws = external_credential(
        R"({"environment_id":"aws1","region_url":"http://169.254.169.254/latest/az",)"
        R"("url":"http://169.254.169.254/latest/keys","imdsv2_session_token_url":)"
        R"("http://[fd00:ec2::254]/latest/api/token","regional_cred_verification_url":)"
        R"("https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15"})");
    CHECK(source_of<aws_source>(aws).region->target == "/latest/az");
    CHECK(source_of<aws_source>(aws).keys->target == "/latest/keys");
    CHECK(source_of<aws_source>(aws).session->host == "fd00:ec2::254");

    auto found = parse_credential(
        R"({"type":"external_account","audience":"a","subject_token_type":"t",)"
        R"("credential_source":{"certificate":{"use_default_certificate_config":true,)"
        R"("trust_chain_path":"/chain.pem"}}})",
        "/wif.json", {});
    REQUIRE(found);
    CHECK(source_of<certificate_source>(*found).configuration.empty());
    CHECK(source_of<certificate_source>(*found).trust_chain == "/chain.pem");
    CHECK(account_of(*found).address.host == "sts.mtls.googleapis.com");
}

TEST_CASE("a workforce file names who pays", "[google][external]") {
    auto people = external_credential(in_file, R"(,"workforce_pool_user_project":"billing-proj")",
                                      workforce_audience);
    CHECK(account_of(people).user_project == "billing-proj");
    CHECK(people.project == "billing-proj");
    auto [code, message] =
        refusal(external_file(in_file, R"(,"workforce_pool_user_project":"billing-proj")"));
    CHECK(code == "bad_file");
    CHECK_THAT(message, Contains("workforce_pool_user_project"));
}

TEST_CASE("what is wrong in a federated file is named", "[google][external]") {
    struct row {
        std::string text, says;
    };
    auto with = [](std::string source) { return external_file(source); };
    auto aws = [](std::string more) {
        return external_file(R"({"environment_id":"aws1",)" + more + "}");
    };
    auto sample = GENERATE_COPY(values<row>({
        {R"({"type":"external_account"})", "\"audience\" is missing"},
        {R"({"type":"external_account","audience":"a"})", "\"subject_token_type\" is missing"},
        {R"({"type":"external_account","audience":"a","subject_token_type":"t"})",
         "\"credential_source\" is missing"},
        {with("[]"), "\"credential_source\" is missing or no object"},
        {with("{}"), "names none of"},
        {with(R"({"file":"/f","url":"https://h/"})"), "names two sources"},
        {with(R"({"file":"/f","environment_id":"aws1"})"), "names two sources"},
        {with(R"({"executable":{"command":"/x"},"certificate":{}})"), "names two sources"},
        {with(R"({"file":7})"), "credential_source.file"},
        {with(R"({"file":"/f","format":{"type":"xml"}})"), "format.type"},
        {with(R"({"file":"/f","format":{"type":"json"}})"), "subject_token_field_name"},
        {with(R"({"file":"/f","format":{"type":5}})"), "format.type\" is not a string"},
        {with(R"({"file":"/f","format":"text"})"), "format\" is no object"},
        {with(R"({"executable":{"command":"/x","output_file":[]}})"), "executable.output_file"},
        {external_file(in_file, R"(,"client_id":true)"), "\"client_id\" is not a string"},
        {external_file(in_file, R"(,"client_secret":{})"), "\"client_secret\" is not a string"},
        {with(R"({"url":"ftp://h/"})"), "credential_source.url"},
        {with(R"({"url":"http://169.254.169.254/","headers":{"A":"b\r\nC: d"}})"), "no header"},
        {with(R"({"url":"http://169.254.169.254/","headers":{"A b":"c"}})"), "no header"},
        {with(R"({"url":"http://169.254.169.254/","headers":{"A":1}})"), "no header"},
        {with(R"({"url":"http://169.254.169.254/","headers":true})"), "headers\" is no object"},
        {with(R"({"executable":{}})"), "executable.command"},
        {with(R"({"executable":{"command":"/x","timeout_millis":4999}})"), "5000 to 120000"},
        {with(R"({"executable":{"command":"/x","timeout_millis":120001}})"), "5000 to 120000"},
        {with(R"({"executable":{"command":"/x","timeout_millis":"9000"}})"), "5000 to 120000"},
        {with(R"({"environment_id":"aws2"})"), "is not aws1"},
        {with(R"({"environment_id":"aws1"})"), "regional_cred_verification_url"},
        {aws(R"("regional_cred_verification_url":"http://sts.amazonaws.com")"), "no https"},
        {with(R"({"certificate":{}})"), "certificate_config_location"},
        {with(R"({"certificate":{"use_default_certificate_config":false}})"),
         "certificate_config_location"},
        {with(R"({"certificate":{"use_default_certificate_config":true,)"
              R"("certificate_config_location":"/c"}})"),
         "certificate_config_location"},
        {external_file(in_file, acting_member() + R"(,"service_account_impersonation":)"
                                                  R"({"token_lifetime_seconds":599})"),
         "600 to 43200"},
        {external_file(in_file, R"(,"service_account_impersonation_url":7)"),
         "service_account_impersonation_url"},
    }));
    CAPTURE(sample.text);
    auto [code, message] = refusal(sample.text);
    CHECK_THAT(message, Contains(sample.says));
    CHECK((code == "bad_file" || code == "token_host_refused"));
}

TEST_CASE("secrets and subject tokens go to known hosts only", "[google][external]") {
    auto text = GENERATE(
        as<std::string>{},
        external_file(in_file, R"(,"service_account_impersonation_url":"https://evil.example/)"
                               R"(v1/projects/-/serviceAccounts/a@b.c:generateAccessToken")"),
        R"({"type":"external_account","audience":"a","subject_token_type":"t","token_url":)"
        R"("https://evil.example/v1/token","credential_source":{"file":"/f"}})",
        R"({"type":"external_account_authorized_user","client_id":"c","client_secret":"s",)"
        R"("refresh_token":"r","token_url":"https://evil.example/v1/oauthtoken"})",
        external_file(R"({"url":"http://tokens.example/token"})"),
        external_file(R"({"environment_id":"aws1","url":"http://10.0.0.1/keys",)"
                      R"("regional_cred_verification_url":"https://sts.amazonaws.com"})"),
        external_file(R"({"environment_id":"aws1","region_url":"https://169.254.169.254/",)"
                      R"("regional_cred_verification_url":"https://sts.amazonaws.com"})"),
        external_file(R"({"environment_id":"aws1","region_url":"http://169.254.169.254:8080/",)"
                      R"("regional_cred_verification_url":"https://sts.amazonaws.com"})"));
    CAPTURE(text);
    auto [code, message] = refusal(text);
    CHECK(code == "token_host_refused");
    CHECK_THAT(message, Contains("google.allow_any_token_host"));
}

TEST_CASE("a workforce login is read whole", "[google][external]") {
    auto found = parse_credential(
        R"({"type":"external_account_authorized_user","audience":"//iam.googleapis.com/locations)"
        R"(/global/workforcePools/P/providers/X","client_id":"clientId","client_secret":)"
        R"("clientSecret","refresh_token":"refreshToken","token_url":)"
        R"("https://sts.googleapis.com/v1/oauthtoken","quota_project_id":"qp"})",
        "/wif.json", {});
    REQUIRE(found);
    auto const& user = std::get<workforce_user>(found->source);
    CHECK(user.client_id == "clientId");
    CHECK(user.client_secret.reveal() == "clientSecret");
    CHECK(user.refresh_token.reveal() == "refreshToken");
    CHECK(user.address.target == "/v1/oauthtoken");
    CHECK(found->quota_project == "qp");
    CHECK(describe(*found) == "external_account_authorized_user from /wif.json");
    keep_rotated(*found, secret("rotated"));
    CHECK(std::get<workforce_user>(found->source).refresh_token.reveal() == "rotated");
    for (std::string member : {"client_id", "client_secret", "refresh_token"}) {
        std::string text = R"({"type":"external_account_authorized_user")";
        for (std::string other : {"client_id", "client_secret", "refresh_token"}) {
            text += other == member ? "" : ",\"" + other + "\":\"x\"";
        }
        CHECK_THAT(refusal(text + "}").second, Contains("\"" + member + "\" is missing"));
    }
}
