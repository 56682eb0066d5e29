#pragma once
// The simulator's own certificate authority and keys, made anew at each start and never reused.

#include <chrono>
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

/// What a leaf says. By default it has names for localhost, the Vertex hosts and the dedicated
/// endpoints of some regions, and is valid since a day before now, as clocks differ.
struct leaf_terms {
    std::string names = {}; ///< as OpenSSL writes subjectAltName: `DNS:localhost,IP:::1`
    std::chrono::hours valid_from{-24}; ///< from now
    std::chrono::hours valid_until{30 * 24}; ///< from now
};

/// A P-256 CA and a leaf of it.
std::expected<identity, std::string> make_identity(leaf_terms const& terms = {});

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
