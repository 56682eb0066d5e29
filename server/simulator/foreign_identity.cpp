#include "simulator/foreign_identity.hpp"

#include "simulator/encoding.hpp"

#include <fmt/format.h>

namespace vertex_relay::simulator {

std::expected<foreign_identity, std::string> make_foreign_identity() {
    auto certificate = make_client_pair();
    if (!certificate) {
        return std::unexpected(certificate.error());
    }
    return foreign_identity{.subject_token = "sim-subject-" + random_base64url(24),
                            .aws_key_id = "ASIASIMULATOR0000000",
                            .aws_secret_key = random_base64url(30),
                            .aws_session_token = random_base64url(60),
                            .certificate = std::move(*certificate),
                            .workforce_client_id = "simulator-workforce",
                            .workforce_client_secret = "w-" + random_base64url(18),
                            .workforce_refresh_token = "wf-" + random_base64url(48)};
}

std::string workload_audience() {
    return fmt::format("//iam.googleapis.com/projects/{}/locations/global/workloadIdentityPools/"
                       "simulator/providers/simulator",
                       project_number);
}

std::string workforce_audience() {
    return "//iam.googleapis.com/locations/global/workforcePools/simulator/providers/simulator";
}

} // namespace vertex_relay::simulator
