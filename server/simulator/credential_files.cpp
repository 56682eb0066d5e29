#include "simulator/credential_files.hpp"

#include "simulator/json_text.hpp"

#include <fmt/format.h>

namespace vertex_relay::simulator {

namespace {

std::string impersonation_url(registered_clients const& clients, places const& at) {
    return fmt::format("{}/v1/projects/-/serviceAccounts/acting@{}.iam.gserviceaccount.com"
                       ":generateAccessToken",
                       at.base, clients.project);
}

std::string impersonated_file(registered_clients const& clients, places const& at) {
    return fmt::format("{{\n  \"type\": \"impersonated_service_account\",\n"
                       "  \"service_account_impersonation_url\": {},\n  \"delegates\": [],\n"
                       "  \"source_credentials\": {}}}\n",
                       json_string(impersonation_url(clients, at)), authorized_user_file(clients));
}

std::string workforce_file(foreign_identity const& known, places const& at) {
    return fmt::format("{{\n  \"type\": \"external_account_authorized_user\",\n"
                       "  \"audience\": {},\n  \"client_id\": {},\n  \"client_secret\": {},\n"
                       "  \"refresh_token\": {},\n  \"token_url\": {}\n}}\n",
                       json_string(workforce_audience()), json_string(known.workforce_client_id),
                       json_string(known.workforce_client_secret),
                       json_string(known.workforce_refresh_token),
                       json_string(at.base + "/v1/oauthtoken"));
}

/// `more` are whole members in front of the last one.
std::string external_file(std::string_view subject_type, std::string_view source,
                          std::string_view more, places const& at) {
    return fmt::format("{{\n  \"type\": \"external_account\",\n  \"audience\": {},\n"
                       "  \"subject_token_type\": {},\n  \"token_url\": {},\n{}"
                       "  \"credential_source\": {}\n}}\n",
                       json_string(workload_audience()), json_string(subject_type),
                       json_string(at.base + "/v1/token"), more, source);
}

constexpr std::string_view jwt_type = "urn:ietf:params:oauth:token-type:jwt";

std::string aws_file(places const& at) {
    auto source = fmt::format(
        R"({{"environment_id": "aws1", "region_url": "{0}/latest/meta-data/placement/)"
        R"(availability-zone", "url": "{0}/latest/meta-data/iam/security-credentials", )"
        R"("imdsv2_session_token_url": "{0}/latest/api/token", "regional_cred_verification_url": )"
        R"("https://sts.{{region}}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15"}})",
        at.metadata);
    return external_file("urn:ietf:params:aws:token-type:aws4_request", source, "", at);
}

std::string url_file(places const& at) {
    auto source = fmt::format(
        R"({{"url": "{}/metadata/identity/oauth2/token?api-version=2018-02-01&resource=simulator",)"
        R"( "headers": {{"Metadata": "True"}}, "format": {{"type": "json", )"
        R"("subject_token_field_name": "access_token"}}}})",
        at.metadata);
    return external_file(jwt_type, source, "", at);
}

std::string executable_answer(foreign_identity const& known) {
    return fmt::format(R"({{"version": 1, "success": true, "token_type": "{}", "id_token": {}}})",
                       jwt_type, json_string(known.subject_token));
}

} // namespace

std::string authorized_user_file(registered_clients const& clients) {
    return fmt::format("{{\n  \"account\": \"\",\n  \"client_id\": {},\n  \"client_secret\": {},\n"
                       "  \"quota_project_id\": {},\n  \"refresh_token\": {},\n"
                       "  \"token_uri\": {},\n  \"type\": \"authorized_user\",\n"
                       "  \"universe_domain\": \"googleapis.com\"\n}}\n",
                       json_string(clients.client_id), json_string(clients.client_secret),
                       json_string(clients.project), json_string(clients.refresh_token),
                       json_string(clients.token_uri));
}

std::string service_account_file(registered_clients const& clients) {
    return fmt::format("{{\n  \"type\": \"service_account\",\n  \"project_id\": {},\n"
                       "  \"private_key_id\": {},\n  \"private_key\": {},\n"
                       "  \"client_email\": {},\n  \"client_id\": \"100000000000000000001\",\n"
                       "  \"token_uri\": {},\n  \"universe_domain\": \"googleapis.com\"\n}}\n",
                       json_string(clients.project), json_string(clients.account_key_id),
                       json_string(clients.account_private_pem), json_string(clients.account_email),
                       json_string(clients.token_uri));
}

std::vector<credential_text> federated_files(registered_clients const& clients,
                                             foreign_identity const& known, places const& at) {
    auto path = [&](std::string_view name) { return json_string((at.dir / name).string()); };
    auto acting = fmt::format("  \"service_account_impersonation_url\": {},\n",
                              json_string(impersonation_url(clients, at)));
    auto file = fmt::format(R"({{"file": {}}})", path("subject-token.txt"));
    auto x509 = fmt::format(R"({{"certificate": {{"certificate_config_location": {}}}}})",
                            path("certificate-config.json"));
    auto program =
        fmt::format(R"({{"executable": {{"command": {}, "timeout_millis": 10000}}}})",
                    json_string("/bin/cat '" + (at.dir / "executable-answer.json").string() + "'"));
    auto configuration =
        fmt::format(R"({{"cert_configs": {{"workload": {{"cert_path": {}, "key_path": {}}}}}}})",
                    path("client.pem"), path("client.key"));
    return {{"impersonated.json", impersonated_file(clients, at)},
            {"workforce.json", workforce_file(known, at)},
            {"wif-file.json", external_file(jwt_type, file, acting, at)},
            {"wif-url.json", url_file(at)},
            {"wif-aws.json", aws_file(at)},
            {"wif-x509.json", external_file("urn:ietf:params:oauth:token-type:mtls", x509, "", at)},
            {"wif-executable.json", external_file(jwt_type, program, "", at)},
            {"subject-token.txt", known.subject_token + "\n"},
            {"executable-answer.json", executable_answer(known)},
            {"certificate-config.json", configuration},
            {"client.pem", known.certificate.certificate_pem},
            {"client.key", known.certificate.key_pem}};
}

} // namespace vertex_relay::simulator
