#pragma once
// Who the simulator takes for somebody although another provider vouches for it: a workload with a
// token, AWS keys or a certificate, and a person of a workforce pool.

#include "simulator/certificate.hpp"

#include <expected>
#include <string>

namespace vertex_relay::simulator {

struct foreign_identity {
    std::string subject_token; ///< opaque, as good as any other
    std::string aws_key_id;
    std::string aws_secret_key;
    std::string aws_session_token;
    client_pair certificate; ///< shown at the exchange
    std::string workforce_client_id;
    std::string workforce_client_secret;
    std::string workforce_refresh_token;
    std::string workforce_rotated_token = {}; ///< the latest of those that replaced it
};

/// Fresh secrets for one run.
std::expected<foreign_identity, std::string> make_foreign_identity();

/// The audience of the pool for workloads, and of the one for people.
std::string workload_audience();
std::string workforce_audience();

inline constexpr std::string_view aws_role = "simulator-role";
inline constexpr std::string_view aws_zone = "us-east-2b";

} // namespace vertex_relay::simulator
