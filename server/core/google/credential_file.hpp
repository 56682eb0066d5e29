#pragma once
// Reads one Application Default Credentials document (google.aip.dev/auth/4112, 4113 and the files
// gcloud writes). Text in, credential or a sentence the user can act on out.

#include "core/google/credential.hpp"
#include "core/google/credential_failure.hpp"

#include <expected>
#include <string>
#include <string_view>

namespace vertex_relay::core::google {

inline constexpr std::size_t credential_file_bytes_max = 1024 * 1024;

/// `text` may begin with a byte order mark; its root must be a JSON object. `origin` is the path,
/// for messages. Unknown members are ignored; a second `type` is refused: readers disagree on it.
/// Every copy made while reading is wiped. All errors are permanent; their codes are
/// `google_credentials_` + bad_file, client_file, unsupported_type, bad_key, token_host_refused or
/// universe_mismatch.
std::expected<credential, token_error> parse_credential(std::string_view text,
                                                        std::string const& origin,
                                                        credential_rules const& rules);

} // namespace vertex_relay::core::google
