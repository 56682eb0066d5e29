#pragma once
// A certificate that did not verify, in words that help.

#include <string>

namespace vertex_relay::core {

struct certificate_fault {
    enum class kind : unsigned char { unknown_issuer, wrong_name, wrong_time, other } what;
    std::string reason; ///< OpenSSL's words: `unable to get local issuer certificate`
    std::string issuer; ///< of the last certificate of the chain that was shown; empty: not known
};

/// Two sentences that can follow `No secure connection to …: `. What the peer wrote into its
/// certificate is cut and made printable.
std::string explain(certificate_fault const& fault);

} // namespace vertex_relay::core
