#pragma once
// Access tokens in what an upstream says: one that repeats the request it refuses would show ours
// to the client.

#include <string>
#include <string_view>

namespace vertex_relay::core {

/// The text with `TOKEN` for each word that looks like an access token: Google's (`ya29.…`), a JWT
/// (`eyJ…`), or a long word behind `Bearer `.
std::string mask_tokens(std::string_view text);

} // namespace vertex_relay::core
