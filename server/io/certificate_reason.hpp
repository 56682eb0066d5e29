#pragma once
// What OpenSSL knows about a certificate that it refused.

#include "core/egress/certificate_fault.hpp"

#include <openssl/ssl.h>

#include <optional>

namespace vertex_relay::io {

/// After a failed handshake; nothing if it did not fail for the certificate.
std::optional<core::certificate_fault> certificate_reason(SSL const& session);

} // namespace vertex_relay::io
