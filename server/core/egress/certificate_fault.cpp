#include "core/egress/certificate_fault.hpp"

#include "core/google/credential_failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace vertex_relay::core {

namespace {

constexpr std::size_t issuer_length_max = 80;

/// Google's own roots and those that cross-sign them (https://pki.goog/repository): when these are
/// unknown, nobody intercepts; the machine has no CA certificates.
bool is_of_google(std::string_view issuer) {
    constexpr std::array<std::string_view, 3> names = {"GTS ", "Google Trust", "GlobalSign"};
    return std::ranges::any_of(names, [&](auto name) { return issuer.starts_with(name); });
}

} // namespace

std::string explain(certificate_fault const& fault) {
    using enum certificate_fault::kind;
    auto issuer = fault.issuer.empty()
                      ? std::string("an unnamed authority")
                      : "'" + google::quoted_text(fault.issuer, issuer_length_max) + "'";
    switch (fault.what) {
    case unknown_issuer:
        return fmt::format(
            "the certificate was issued by {}, which this machine does not trust "
            "({}). {}",
            issuer, fault.reason,
            is_of_google(fault.issuer)
                ? "Install ca-certificates, or name a CA bundle with SSL_CERT_FILE."
                : "A TLS-inspecting proxy? Add its CA with --upstream-ca-file FILE.");
    case wrong_name:
        return fmt::format("the certificate, issued by {}, is for another name ({}). Is a captive "
                           "portal in the way, or an address in the configuration wrong?",
                           issuer, fault.reason);
    case wrong_time:
        return fmt::format("the certificate, issued by {}, is not valid now ({}). Check this "
                           "machine's clock.",
                           issuer, fault.reason);
    case other:
        break;
    }
    return fmt::format("the certificate, issued by {}, was refused ({}). A TLS-inspecting proxy? "
                       "Ask its administrator.",
                       issuer, fault.reason);
}

} // namespace vertex_relay::core
