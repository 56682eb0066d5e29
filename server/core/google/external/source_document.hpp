#pragma once
// The `credential_source` of an external account.

#include "core/google/credential_document.hpp"

#include <expected>

namespace vertex_relay::core::google {

/// Exactly one of file, url, executable, environment_id (AWS) and certificate; two are refused.
std::expected<subject_source, token_error> read_subject_source(document const& from);

} // namespace vertex_relay::core::google
