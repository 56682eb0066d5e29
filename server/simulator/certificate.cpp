#include "simulator/certificate.hpp"

#include <fmt/format.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <memory>

namespace vertex_relay::simulator {

namespace {

template <auto Free>
struct deleter {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};
using key_ptr = std::unique_ptr<EVP_PKEY, deleter<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, deleter<X509_free>>;
using bio_ptr = std::unique_ptr<BIO, deleter<BIO_free>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, deleter<X509_EXTENSION_free>>;

std::string contents(BIO* bio) {
    char* bytes = nullptr;
    auto size = BIO_get_mem_data(bio, &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

std::string to_pem(X509* certificate) {
    bio_ptr bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(bio.get(), certificate);
    return contents(bio.get());
}

std::string to_pem(EVP_PKEY* key) {
    bio_ptr bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    return contents(bio.get());
}

std::string alternative_names() {
    std::string names = "DNS:localhost,IP:127.0.0.1,IP:::1,DNS:*.googleapis.com,"
                        "DNS:*.mtls.googleapis.com,"
                        "DNS:aiplatform.googleapis.com,DNS:*.aiplatform.googleapis.com,"
                        "DNS:aiplatform.us.rep.googleapis.com,DNS:aiplatform.eu.rep.googleapis.com,"
                        "DNS:oauth2.googleapis.com";
    for (auto const* region :
         {"us-central1", "us-east1", "us-east4", "us-east5", "us-west1", "us-west4", "europe-west1",
          "europe-west3", "europe-west4", "asia-northeast1", "asia-southeast1"}) {
        names += fmt::format(",DNS:*.{}-{}.prediction.vertexai.goog", region, project_number);
    }
    return names;
}

bool add_extension(X509* certificate, X509* issuer, int nid, std::string const& value) {
    X509V3_CTX terms{};
    X509V3_set_ctx_nodb(&terms);
    X509V3_set_ctx(&terms, issuer, certificate, nullptr, nullptr, 0);
    extension_ptr extension(X509V3_EXT_conf_nid(nullptr, &terms, nid, value.c_str()));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

void set_validity(X509* certificate, leaf_terms const& terms) {
    auto seconds = [](std::chrono::hours hours) { return std::chrono::seconds(hours).count(); };
    X509_gmtime_adj(X509_getm_notBefore(certificate), seconds(terms.valid_from));
    X509_gmtime_adj(X509_getm_notAfter(certificate), seconds(terms.valid_until));
}

certificate_ptr new_certificate(EVP_PKEY* key, std::string const& name, X509* issuer) {
    certificate_ptr made(X509_new());
    std::uint64_t serial = 0;
    RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), serial >> 1U);
    X509_set_version(made.get(), X509_VERSION_3);
    set_validity(made.get(), {});
    X509_set_pubkey(made.get(), key);
    auto* subject = X509_get_subject_name(made.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                               reinterpret_cast<unsigned char const*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(made.get(), issuer == nullptr ? subject : X509_get_subject_name(issuer));
    return made;
}

} // namespace

std::expected<identity, std::string> make_identity(leaf_terms const& terms) {
    key_ptr ca_key(EVP_EC_gen("P-256"));
    key_ptr leaf_key(EVP_EC_gen("P-256"));
    if (!ca_key || !leaf_key) {
        return std::unexpected("cannot make an ECDSA key");
    }
    auto ca = new_certificate(ca_key.get(), "vertex-relay simulator CA", nullptr);
    bool good = add_extension(ca.get(), ca.get(), NID_basic_constraints, "critical,CA:TRUE") &&
                add_extension(ca.get(), ca.get(), NID_key_usage, "critical,keyCertSign,cRLSign") &&
                add_extension(ca.get(), ca.get(), NID_subject_key_identifier, "hash") &&
                X509_sign(ca.get(), ca_key.get(), EVP_sha256()) > 0;
    auto leaf = new_certificate(leaf_key.get(), "localhost", ca.get());
    set_validity(leaf.get(), terms);
    good = good &&
           add_extension(leaf.get(), ca.get(), NID_basic_constraints, "critical,CA:FALSE") &&
           add_extension(leaf.get(), ca.get(), NID_key_usage, "critical,digitalSignature") &&
           add_extension(leaf.get(), ca.get(), NID_ext_key_usage, "serverAuth") &&
           add_extension(leaf.get(), ca.get(), NID_subject_key_identifier, "hash") &&
           add_extension(leaf.get(), ca.get(), NID_authority_key_identifier, "keyid") &&
           add_extension(leaf.get(), ca.get(), NID_subject_alt_name,
                         terms.names.empty() ? alternative_names() : terms.names) &&
           X509_sign(leaf.get(), ca_key.get(), EVP_sha256()) > 0;
    if (!good) {
        return std::unexpected("cannot make the simulator's certificates");
    }
    auto ca_pem = to_pem(ca.get());
    return identity{.ca_pem = ca_pem,
                    .certificate_pem = to_pem(leaf.get()) + ca_pem,
                    .key_pem = to_pem(leaf_key.get())};
}

std::expected<client_pair, std::string> make_client_pair() {
    key_ptr key(EVP_EC_gen("P-256"));
    if (!key) {
        return std::unexpected("cannot make an ECDSA key");
    }
    auto made = new_certificate(key.get(), "simulated workload", nullptr);
    bool good = add_extension(made.get(), made.get(), NID_basic_constraints, "critical,CA:FALSE") &&
                add_extension(made.get(), made.get(), NID_ext_key_usage, "clientAuth") &&
                X509_sign(made.get(), key.get(), EVP_sha256()) > 0;
    if (!good) {
        return std::unexpected("cannot make the certificate of a workload");
    }
    return client_pair{.certificate_pem = to_pem(made.get()), .key_pem = to_pem(key.get())};
}

std::expected<rsa_pair, std::string> make_rsa_pair() {
    key_ptr key(EVP_RSA_gen(2048));
    if (!key) {
        return std::unexpected("cannot make an RSA key");
    }
    bio_ptr bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PUBKEY(bio.get(), key.get());
    return rsa_pair{.private_pem = to_pem(key.get()), .public_pem = contents(bio.get())};
}

} // namespace vertex_relay::simulator
