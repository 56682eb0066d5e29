#pragma once
// X.509 workload identity: the certificate is the subject token, and mutual TLS proves that we have
// its key (cloud.google.com/iam/docs/workload-identity-federation-with-x509-certificates).

#include "core/google/external/subject_search.hpp"

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::core::google {

/// Reads, in this order: the configuration, the certificate, the trust chain if there is one, the
/// key. All of them anew each time: they rotate on disk.
class certificate_search final : public subject_search {
public:
    certificate_search(context const& given, certificate_source const& source)
        : subject_search(given), source_(source) {}

    need begin() override;
    need file_read(file_outcome const& outcome) override;

private:
    enum class stage : unsigned char { configuration, certificate, trust_chain, key };

    std::string_view name() const;
    need read(stage next, std::string path);
    need take_configuration(std::string_view text);
    need take_certificate(std::string_view text);
    need take_trust_chain(std::string_view text);
    need take_key(std::string_view text);
    token_error fail(std::string fault) const;

    certificate_source const& source_;
    stage stage_ = stage::configuration;
    std::string path_; ///< of the file being read
    std::string key_path_;
    secret certificates_;            ///< PEM, as read: the key may stand beside them
    std::vector<std::string> chain_; ///< DER, the own certificate first
};

/// The DER bytes of every certificate in a PEM text, in order; other blocks are left out. Fails
/// with a clause if one cannot be read or there is none.
std::expected<std::vector<std::string>, std::string> read_certificates(std::string_view pem);

/// A clause if `key` (PEM) is unreadable or not that of the first certificate.
std::expected<void, std::string> check_identity(client_identity const& identity);

/// `["…","…"]`: standard Base64 of each.
std::string certificates_as_json(std::vector<std::string> const& chain);

} // namespace vertex_relay::core::google
