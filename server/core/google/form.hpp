#pragma once
// Bodies of type application/x-www-form-urlencoded.

#include "core/secret.hpp"

#include <string>
#include <string_view>

namespace vertex_relay::core::google {

inline constexpr std::string_view form_type = "application/x-www-form-urlencoded";

/// One `name=value` after another in a buffer that never leaves copies behind.
class form {
public:
    /// All values together have at most `bytes_expected` bytes before they are encoded.
    explicit form(std::size_t bytes_expected) { text_.reserve(3 * bytes_expected + 1024); }

    form& add(std::string_view name, std::string_view value);
    secret take() { return secret(std::move(text_)); }

private:
    std::string text_;
};

/// Percent-encodes all but `A-Z a-z 0-9 - . _ ~` (RFC 3986 section 2.3), upper-case hexadecimal.
std::string percent_encoded(std::string_view text);

/// The same at the end of `out`, which does not grow if it has three times the room.
void append_percent_encoded(std::string& out, std::string_view text);

} // namespace vertex_relay::core::google
