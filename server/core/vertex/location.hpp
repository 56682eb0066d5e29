#pragma once
// Locations decide hosts (Google: "Vertex AI locations"). Only hosts named here, a checked
// dedicated name or the configuration ever see the token.

#include <optional>
#include <string>
#include <string_view>

namespace vertex_relay::core {

/// `aiplatform.googleapis.com` for `global`, `aiplatform.us.rep.googleapis.com` for `us` and `eu`,
/// else `{location}-aiplatform.googleapis.com`; all under `universe` (default googleapis.com).
/// `location` has passed `grammar::is_location`.
std::string location_host(std::string_view location, std::string_view universe);

/// The dedicated DNS name of an endpoint as the endpoint resource gives it, maybe with a scheme
/// and a trailing slash. Returned only if it equals
/// `{id}.{location}-{digits}.prediction.vertexai.goog`, else nullopt.
std::optional<std::string> trusted_dedicated_host(std::string_view dns, std::string_view endpoint,
                                                  std::string_view location);

} // namespace vertex_relay::core
