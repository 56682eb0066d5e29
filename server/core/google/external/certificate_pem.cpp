// Certificates and keys in PEM, through OpenSSL.

#include "core/google/external/certificate_search.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

namespace vertex_relay::core::google {
namespace {

using bio_pointer = std::unique_ptr<BIO, decltype(&BIO_free)>;
using key_pointer = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using certificate_pointer = std::unique_ptr<X509, decltype(&X509_free)>;

constexpr std::size_t certificates_max = 32;

/// Without it OpenSSL asks on the terminal, and the relay would hang there.
int refuse_password(char*, int, int, void*) {
    return -1;
}

bio_pointer reading(std::string_view text) {
    return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free};
}

certificate_pointer next_certificate(BIO* from) {
    return {PEM_read_bio_X509(from, nullptr, refuse_password, nullptr), X509_free};
}

std::string der_of(X509* certificate) {
    unsigned char* bytes = nullptr;
    auto size = i2d_X509(certificate, &bytes);
    std::string out(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(std::max(size, 0)));
    OPENSSL_free(bytes);
    return out;
}

/// OpenSSL says so when the text ends where another block could begin.
bool at_end() {
    return ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
}

} // namespace

std::expected<std::vector<std::string>, std::string> read_certificates(std::string_view pem) {
    ERR_clear_error();
    auto from = reading(pem);
    std::vector<std::string> found;
    while (auto certificate = next_certificate(from.get())) {
        found.push_back(der_of(certificate.get()));
        if (found.size() > certificates_max) {
            return std::unexpected("holds more than 32 certificates");
        }
    }
    bool whole = at_end();
    ERR_clear_error();
    if (!whole) {
        return std::unexpected("holds a certificate that cannot be read");
    }
    if (found.empty()) {
        return std::unexpected("holds no PEM certificate (no -----BEGIN CERTIFICATE----- line)");
    }
    return found;
}

std::expected<void, std::string> check_identity(client_identity const& identity) {
    auto certificates = reading(identity.certificates.reveal());
    auto own = next_certificate(certificates.get());
    auto text = reading(identity.key.reveal());
    key_pointer key(PEM_read_bio_PrivateKey(text.get(), nullptr, refuse_password, nullptr),
                    EVP_PKEY_free);
    bool pair = own && key && X509_check_private_key(own.get(), key.get()) == 1;
    ERR_clear_error();
    if (!key) {
        return std::unexpected("is not a PEM private key without a password");
    }
    if (!pair) {
        return std::unexpected("is not the key of the certificate");
    }
    return {};
}

} // namespace vertex_relay::core::google
