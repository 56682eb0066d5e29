#pragma once
// RSA keys in PEM and RS256 signatures, through OpenSSL.

#include "core/secret.hpp"

#include <expected>
#include <string>
#include <string_view>

namespace vertex_relay::core::google {

/// Turns literal `\n` (backslash, n) and blanks into line breaks, several into one, and drops `\r`:
/// environment files, shells and secret stores often deliver keys like that; Base64 has neither.
secret with_line_breaks(std::string_view pem);

/// Reads PKCS#8 or PKCS#1. The error is a clause for a message: an encrypted key, no key at all,
/// not RSA, shorter than 2048 bits. Never asks for a password.
std::expected<void, std::string> check_private_key(secret const& pem);

/// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 section 3.3) over `text`; raw bytes.
std::expected<std::string, std::string> sign_rs256(secret const& pem, std::string_view text);

} // namespace vertex_relay::core::google
