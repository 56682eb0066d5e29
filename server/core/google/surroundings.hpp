#pragma once
// The defaults that go with a credential: location, quota project, universe. Each comes with the
// place it was found, for `check-config`, `doctor` and error texts.

#include "core/google/credential.hpp"
#include "core/google/credential_failure.hpp"
#include "core/google/environment.hpp"

#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace vertex_relay::core::google {

struct found_setting {
    std::string value;  ///< empty: none
    std::string origin; ///< `google.location`, `GOOGLE_CLOUD_LOCATION`, a path, `default` …
};

/// Configured, else GOOGLE_CLOUD_LOCATION, CLOUD_ML_REGION, GOOGLE_CLOUD_REGION, else `global`.
found_setting find_location(std::string_view configured, environment const& variables);

/// Configured, else GOOGLE_CLOUD_QUOTA_PROJECT, else the file's `quota_project_id`. `none` as the
/// configured value turns it off. Goes into `x-goog-user-project` of Vertex calls, never of token
/// calls.
found_setting find_quota_project(std::string_view configured, environment const& variables,
                                 credential const& from);

/// A sentence if a pod goes by its node's account, which is hardly meant: empty otherwise. The
/// account of a metadata server is known only after it was asked.
std::string doubt_about(credential const& from, environment const& variables);

/// The universe Vertex hosts are built in: configured, else GOOGLE_CLOUD_UNIVERSE_DOMAIN, else the
/// credential's. If one of the first two differs from the credential's, no token may be sent:
/// permanent `google_credentials_universe_mismatch`.
std::expected<found_setting, token_error> settle_universe(std::string_view configured,
                                                          environment const& variables,
                                                          credential const& from);

/// Why no token of these credentials may go to hosts of `of_hosts`; nullopt if they belong there.
std::optional<core::failure> universe_mismatch(std::string_view of_credential,
                                               std::string_view of_hosts);

} // namespace vertex_relay::core::google
