#pragma once
// Byte encodings the protocol asks for: base64, forms, digests, gzip framing.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vertex_relay::simulator {

std::string base64(std::string_view bytes);    ///< RFC 4648 section 4, padded
std::string base64url(std::string_view bytes); ///< section 5, without padding
/// Section 5, padding optional; nothing on a foreign character.
std::optional<std::string> decode_base64url(std::string_view text);

/// The value of `name` in an application/x-www-form-urlencoded text, decoded.
std::optional<std::string> form_value(std::string_view form, std::string_view name);

/// Percent-decoding alone, for one path segment.
std::string percent_decoded(std::string_view text);

std::string sha256_hex(std::string_view bytes);

/// A gzip member (RFC 1952) of stored blocks: valid for every decoder, compressed by none.
std::string gzip_stored(std::string_view bytes);

/// Cheap unpredictability for ids; not for secrets.
std::uint64_t random_bits();
/// `bytes` random bytes as base64url, the style of Google's response ids.
std::string random_base64url(std::size_t bytes);
/// A random UUID in its text form.
std::string random_uuid();

} // namespace vertex_relay::simulator
