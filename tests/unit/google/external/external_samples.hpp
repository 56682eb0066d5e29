#pragma once
// Credential files of federated identities, as in google-auth's own samples.

#include "core/google/credential_file.hpp"

#include <string>
#include <string_view>

namespace vertex_relay::test {

inline constexpr std::string_view pool_audience =
    "//iam.googleapis.com/projects/123456/locations/global/workloadIdentityPools/POOL_ID/"
    "providers/PROVIDER_ID";
inline constexpr std::string_view workforce_audience =
    "//iam.googleapis.com/locations/global/workforcePools/POOL/providers/P";

/// `more` is appended, e.g. `,"client_id":"x"`.
std::string external_file(std::string_view source, std::string_view more = "",
                          std::string_view audience = pool_audience);

/// With `google.allow_any_token_host`, so that AWS's metadata service may be anywhere.
core::google::credential external_credential(std::string_view source, std::string_view more = "",
                                             std::string_view audience = pool_audience);

/// The member that makes a file act as `target@p.iam.gserviceaccount.com`.
std::string acting_member();

} // namespace vertex_relay::test
