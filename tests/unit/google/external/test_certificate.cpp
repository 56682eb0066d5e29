#include "unit/google/external/test_certificate.hpp"

#include <catch2/catch.hpp>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

namespace vertex_relay::test {
namespace {

using bio_pointer = std::unique_ptr<BIO, decltype(&BIO_free)>;

std::string text_of(BIO* bio) {
    char* start = nullptr;
    auto size = BIO_get_mem_data(bio, &start);
    return {start, static_cast<std::size_t>(size)};
}

bio_pointer memory() {
    return {BIO_new(BIO_s_mem()), BIO_free};
}

} // namespace

test_certificate make_test_certificate(std::string const& name) {
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    std::unique_ptr<X509, decltype(&X509_free)> made(X509_new(), X509_free);
    X509_set_version(made.get(), X509_VERSION_3);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
    X509_set_pubkey(made.get(), key.get());
    auto* subject = X509_get_subject_name(made.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                               reinterpret_cast<unsigned char const*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(made.get(), subject);
    REQUIRE(X509_sign(made.get(), key.get(), EVP_sha256()) > 0);
    auto pem = memory();
    auto key_pem = memory();
    auto der = memory();
    PEM_write_bio_X509(pem.get(), made.get());
    PEM_write_bio_PKCS8PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    i2d_X509_bio(der.get(), made.get());
    return {text_of(pem.get()), text_of(key_pem.get()), text_of(der.get())};
}

} // namespace vertex_relay::test
