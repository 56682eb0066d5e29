#pragma once
// gcloud as a source of tokens: `google.credentials = "gcloud"`. Its login is another one than the
// Application Default Credentials.

#include "core/google/access_token.hpp"
#include "core/google/credential.hpp"
#include "core/google/credential_failure.hpp"
#include "core/google/program.hpp"

#include <expected>

namespace vertex_relay::core::google {

/// `gcloud config config-helper`, which refreshes by itself a token of less than ten minutes. It
/// takes a second, and after an installation more than five.
run_program gcloud_program();

/// `wall_now` is UTC since 1970 by this machine's clock, which gcloud also goes by.
std::expected<access_token, token_error>
read_gcloud_outcome(credential const& from, program_outcome const& outcome, seconds wall_now);

} // namespace vertex_relay::core::google
