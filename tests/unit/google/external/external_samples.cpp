#include "unit/google/external/external_samples.hpp"

#include "unit/google/samples.hpp"

#include <catch2/catch.hpp>

namespace vertex_relay::test {

std::string external_file(std::string_view source, std::string_view more,
                          std::string_view audience) {
    return R"({"type":"external_account","audience":)" + json_string(audience) +
           R"(,"subject_token_type":"urn:ietf:params:oauth:token-type:jwt",)"
           R"("token_url":"https://sts.googleapis.com/v1/token","credential_source":)" +
           std::string(source) + std::string(more) + "}";
}

core::google::credential external_credential(std::string_view source, std::string_view more,
                                             std::string_view audience) {
    auto found = core::google::parse_credential(external_file(source, more, audience), "/wif.json",
                                                {.allow_any_token_host = true});
    if (!found) {
        FAIL(found.error().failure.message);
    }
    return std::move(*found);
}

std::string acting_member() {
    return R"(,"service_account_impersonation_url":"https://iamcredentials.googleapis.com/v1/)"
           R"(projects/-/serviceAccounts/target@p.iam.gserviceaccount.com:generateAccessToken")";
}

} // namespace vertex_relay::test
