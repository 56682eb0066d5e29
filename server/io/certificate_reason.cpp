#include "io/certificate_reason.hpp"

#include <openssl/x509v3.h>

#include <array>
#include <memory>
#include <string>

namespace vertex_relay::io {

namespace {

using kind = core::certificate_fault::kind;

kind kind_of(long verdict) {
    switch (verdict) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED: return kind::unknown_issuer;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: return kind::wrong_name;
    case X509_V_ERR_CERT_NOT_YET_VALID:
    case X509_V_ERR_CERT_HAS_EXPIRED: return kind::wrong_time;
    default: return kind::other;
    }
}

/// The first part of that kind as UTF-8; empty if there is none.
std::string part_of(X509_NAME const* name, int nid) {
    int at = X509_NAME_get_index_by_NID(name, nid, -1);
    if (at < 0) {
        return {};
    }
    unsigned char* bytes = nullptr;
    int size = ASN1_STRING_to_UTF8(&bytes, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    std::string text(reinterpret_cast<char const*>(bytes),
                     size > 0 ? static_cast<std::size_t>(size) : 0);
    OPENSSL_free(bytes);
    return text;
}

/// Of the last certificate: the one whose issuer was looked for and not found. The chain is as long
/// as OpenSSL could make it, also when it failed.
std::string issuer_of_chain(SSL const& session) {
    auto const* chain = SSL_get0_verified_chain(&session);
    if (chain == nullptr || sk_X509_num(chain) == 0) {
        return {};
    }
    auto const* name = X509_get_issuer_name(sk_X509_value(chain, sk_X509_num(chain) - 1));
    for (int nid : {NID_commonName, NID_organizationName, NID_organizationalUnitName}) {
        if (auto text = part_of(name, nid); !text.empty()) {
            return text;
        }
    }
    return {};
}

} // namespace

std::optional<core::certificate_fault> certificate_reason(SSL const& session) {
    auto verdict = SSL_get_verify_result(&session);
    if (verdict == X509_V_OK) {
        return std::nullopt;
    }
    return core::certificate_fault{.what = kind_of(verdict),
                                   .reason = X509_verify_cert_error_string(verdict),
                                   .issuer = issuer_of_chain(session)};
}

} // namespace vertex_relay::io
