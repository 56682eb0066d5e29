#pragma once
// A token as a token server, or our own signature, gave it.

#include "core/google/instant.hpp"
#include "core/secret.hpp"

namespace vertex_relay::core::google {

struct access_token {
    secret value;              ///< visible ASCII: it goes into a header
    seconds lifetime{0};       ///< counted from the moment before the request was sent; > 0
    secret refresh_token = {}; ///< a rotated one, for `keep_rotated`; usually empty
    std::string note = {};     ///< for the log, if it was not got in the usual way
};

} // namespace vertex_relay::core::google
