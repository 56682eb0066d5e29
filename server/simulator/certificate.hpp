#pragma once
// The simulator's own certificate authority and keys, made anew at each start and never reused.

#include <expected>
#include <string>
#include <string_view>

namespace vertex_relay::simulator {

inline constexpr std::string_view project_number = "123456789012";

struct identity {
    std::string ca_pem;          ///< the authority's certificate
    std::string certificate_pem; ///< leaf for every Google name simulated, then the CA
    std::string key_pem;         ///< ECDSA P-256, PKCS#8
};

/// A P-256 CA and a leaf with names for localhost, the Vertex hosts and the dedicated endpoints of
/// some regions; valid for a day before now (clocks differ) and thirty days after.
std::expected<identity, std::string> make_identity();

struct rsa_pair {
    std::string private_pem; ///< PKCS#8, as Google's service account files hold it
    std::string public_pem;
};

std::expected<rsa_pair, std::string> make_rsa_pair();

struct client_pair {
    std::string certificate_pem; ///< self-signed, for a client
    std::string key_pem;         ///< ECDSA P-256, PKCS#8
};

std::expected<client_pair, std::string> make_client_pair();

} // namespace vertex_relay::simulator
