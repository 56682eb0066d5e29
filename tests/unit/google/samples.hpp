#pragma once
// Credentials for tests. Keys are made at run time, so that no private key lies in the repository.

#include "core/google/credential_file.hpp"

#include <string>
#include <string_view>

namespace vertex_relay::test {

enum class key_form { pkcs8, pkcs1, pkcs8_encrypted, rsa_1024, ec };

/// The same key each time for a form; pkcs8 and pkcs1 are two forms of one key.
std::string const& private_key(key_form form = key_form::pkcs8);

/// Checks an RS256 signature made with the key of `key_form::pkcs8`.
bool verifies(std::string_view text, std::string_view signature);

std::string from_base64url(std::string_view text);

/// `text` as a JSON string with quotes.
std::string json_string(std::string_view text);

/// The members of google-auth's own samples; `more` is appended, e.g. `,"account":"a@b"`.
std::string user_file(std::string_view more = "");
std::string account_file(std::string_view more = "", key_form form = key_form::pkcs8);

core::google::credential user_credential();
core::google::credential account_credential(std::string_view more = "");
core::google::credential metadata_credential();

} // namespace vertex_relay::test
