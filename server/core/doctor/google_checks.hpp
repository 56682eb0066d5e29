#pragma once
// Credentials, token, clock, project: what was found of them, and what that means.

#include "core/doctor/check.hpp"
#include "core/google/access_token.hpp"
#include "core/google/lookup_file.hpp"
#include "core/google/surroundings.hpp"

#include <expected>
#include <optional>
#include <span>

namespace vertex_relay::core::doctor {

/// One try to get a token.
struct token_facts {
    std::span<google::lookup_step const> places; ///< where credentials were looked for
    std::span<google::lookup_step const> calls;  ///< how the token was asked for
    google::credential const* from = nullptr;    ///< null: none was found
    std::string doubt = {};                      ///< of `google::doubt_about`
    std::expected<google::access_token, google::token_error> const& token;
};

check credentials_check(token_facts const& facts);

/// Type, account and expiry; never the token.
check token_check(token_facts const& facts);

/// `offset`: Google's clock minus this machine's; none if no answer of Google told its time.
check clock_check(std::optional<google::seconds> offset);

check project_check(google::found_setting const& project);

check quota_project_check(google::found_setting const& quota_project);

check location_check(google::found_setting const& location);

} // namespace vertex_relay::core::doctor
