#include "io/tls.hpp"

#include "io/certificate_reason.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace vertex_relay::io {

namespace {

wire_buffers& buffers_of(BIO* bio) { return *static_cast<wire_buffers*>(BIO_get_data(bio)); }

int read_bytes(BIO* bio, char* into, int size) {
    auto& unread = buffers_of(bio).unread;
    BIO_clear_retry_flags(bio);
    if (unread.empty()) {
        BIO_set_retry_read(bio);
        return -1;
    }
    auto bytes = std::min(unread.size(), static_cast<std::size_t>(size));
    unread.copy(into, bytes);
    unread.remove_prefix(bytes);
    return static_cast<int>(bytes);
}

int write_bytes(BIO* bio, char const* from, int size) {
    BIO_clear_retry_flags(bio);
    buffers_of(bio).cipher_out.append(from, static_cast<std::size_t>(size));
    return size;
}

long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

BIO_METHOD* wire_method() {
    static BIO_METHOD* const method = [] {
        auto* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "loop buffers");
        BIO_meth_set_read(made, read_bytes);
        BIO_meth_set_write(made, write_bytes);
        BIO_meth_set_ctrl(made, control);
        return made;
    }();
    return method;
}

bool is_address(std::string const& name) {
    in6_addr any{};
    return ::inet_pton(AF_INET, name.c_str(), &any) == 1 ||
           ::inet_pton(AF_INET6, name.c_str(), &any) == 1;
}

std::string last_error() {
    auto code = ERR_peek_last_error();
    auto const* reason = code != 0 ? ERR_reason_error_string(code) : nullptr;
    ERR_clear_error();
    return reason != nullptr ? reason : "connection closed";
}

using bio_ptr = std::unique_ptr<BIO, openssl_free<BIO_free>>;
using x509_ptr = std::unique_ptr<X509, openssl_free<X509_free>>;
using key_ptr = std::unique_ptr<EVP_PKEY, openssl_free<EVP_PKEY_free>>;

bio_ptr reading(std::string_view text) {
    return bio_ptr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/// Empty on success. core::google has checked that certificate and key can be read and belong
/// together, but OpenSSL also refuses those that are too weak.
std::string show_identity(SSL& ssl, core::google::client_identity const& identity) {
    auto certificates = reading(identity.certificates.reveal());
    auto next = [&] {
        return x509_ptr(PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr));
    };
    auto own = next();
    if (!own || SSL_use_certificate(&ssl, own.get()) != 1) {
        return last_error();
    }
    while (auto issuer = next()) {
        SSL_add1_chain_cert(&ssl, issuer.get());
    }
    ERR_clear_error(); // the end of the certificates is one
    auto text = reading(identity.key.reveal());
    key_ptr key(PEM_read_bio_PrivateKey(text.get(), nullptr, nullptr, nullptr));
    bool good = key && SSL_use_PrivateKey(&ssl, key.get()) == 1;
    return good ? std::string() : last_error();
}

/// A sentence if the file cannot be read; empty if it can.
std::string complaint_about(std::string const& setting, std::string const& path) {
    return ::access(path.c_str(), R_OK) == 0
               ? std::string()
               : setting + " '" + path + "' cannot be read: " + std::strerror(errno) +
                     ". Name a file with PEM certificates.";
}

using store_ptr = std::unique_ptr<X509_STORE, openssl_free<X509_STORE_free>>;

std::string no_certificate(std::string const& path) {
    return "upstream.ca_file '" + path + "' holds no PEM certificate (" + last_error() + ").";
}

/// Without a free descriptor OpenSSL reads no bundle and says nothing: nobody would be trusted.
/// Empty on success, else a sentence.
std::string fault_of_bundle(X509_STORE* authorities) {
    if (sk_X509_OBJECT_num(X509_STORE_get0_objects(authorities)) > 0) {
        return {};
    }
    auto path = trusted_files({}).front();
    int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        ::close(fd);
        return {};
    }
    if (errno != EMFILE && errno != ENFILE) {
        return {};
    }
    return "The CA certificates in '" + path + "' cannot be read: " + std::strerror(errno) + ".";
}

/// Adds the certificates in a PEM file; empty on success, else a sentence.
std::string trust(X509_STORE* authorities, std::string const& path) {
    auto bad = complaint_about("upstream.ca_file", path);
    if (bad.empty() && X509_STORE_load_file(authorities, path.c_str()) != 1) {
        bad = no_certificate(path);
    }
    return bad;
}

} // namespace

std::expected<ssl_ctx_ptr, std::string> make_client_context(std::string const& ca_file) {
    ssl_ctx_ptr context(SSL_CTX_new(TLS_client_method()));
    if (!context) {
        return std::unexpected("OpenSSL: " + last_error());
    }
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_CLIENT |
                                                      SSL_SESS_CACHE_NO_INTERNAL);
    constexpr unsigned char http11[] = "\x08http/1.1";
    SSL_CTX_set_alpn_protos(context.get(), http11, sizeof http11 - 1);
    SSL_CTX_set_default_verify_paths(context.get());
    ERR_clear_error();
    std::string bad;
    auto const* bundle = std::getenv(X509_get_default_cert_file_env());
    if (bundle != nullptr && *bundle != 0) {
        bad = complaint_about("SSL_CERT_FILE", bundle); // OpenSSL would say nothing
    }
    if (bad.empty()) {
        bad = fault_of_bundle(SSL_CTX_get_cert_store(context.get()));
    }
    if (bad.empty() && !ca_file.empty()) {
        bad = trust(SSL_CTX_get_cert_store(context.get()), ca_file);
    }
    if (!bad.empty()) {
        return std::unexpected(std::move(bad));
    }
    return context;
}

/// Its first certificate tells: a whole bundle takes 20 ms, which a start has not.
std::string fault_of_authorities(std::string const& ca_file) {
    auto bad = complaint_about("upstream.ca_file", ca_file);
    bio_ptr file(bad.empty() ? BIO_new_file(ca_file.c_str(), "r") : nullptr);
    x509_ptr first(file ? PEM_read_bio_X509_AUX(file.get(), nullptr, nullptr, nullptr) : nullptr);
    if (bad.empty() && !first) {
        bad = no_certificate(ca_file);
    }
    ERR_clear_error();
    return bad;
}

std::vector<std::string> trusted_files(std::string const& ca_file) {
    auto const* bundle = std::getenv(X509_get_default_cert_file_env());
    bool named = bundle != nullptr && *bundle != 0;
    std::vector<std::string> paths{named ? bundle : X509_get_default_cert_file()};
    if (!ca_file.empty()) {
        paths.push_back(ca_file);
    }
    return paths;
}

tls_session::tls_session(SSL_CTX& context, wire_buffers& buffers, std::string const& name,
                         tls_offer const& offer)
    : buffers_(buffers), ssl_(SSL_new(&context)) {
    auto* bio = BIO_new(wire_method());
    if (!ssl_ || bio == nullptr) {
        throw std::bad_alloc();
    }
    BIO_set_data(bio, &buffers_);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_.get(), bio, bio);
    if (is_address(name)) {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), name.c_str());
    } else {
        SSL_set_tlsext_host_name(ssl_.get(), name.c_str());
        SSL_set_hostflags(ssl_.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        SSL_set1_host(ssl_.get(), name.c_str());
    }
    if (offer.resume != nullptr) {
        SSL_set_session(ssl_.get(), offer.resume);
    }
    if (offer.identity != nullptr) {
        own_fault_ = show_identity(*ssl_, *offer.identity);
    }
    SSL_set_connect_state(ssl_.get());
}

tls_session::progress tls_session::handshake() {
    if (!own_fault_.empty()) {
        return progress::failed;
    }
    ERR_clear_error();
    auto result = SSL_do_handshake(ssl_.get());
    if (result == 1) {
        // Else 16.7 kB lie idle until the answer begins, which may take minutes.
        SSL_free_buffers(ssl_.get());
        return progress::done;
    }
    bool wants = SSL_get_error(ssl_.get(), result) == SSL_ERROR_WANT_READ;
    return wants ? progress::wants_read : progress::failed;
}

tls_session::progress tls_session::decrypt(std::size_t& plain_bytes) {
    plain_bytes = 0;
    while (true) {
        auto room = buffers_.plain.size() - plain_bytes;
        auto got = SSL_read(ssl_.get(), buffers_.plain.data() + plain_bytes,
                            static_cast<int>(room));
        if (got > 0) {
            plain_bytes += static_cast<std::size_t>(got);
            if (buffers_.unread.empty() && SSL_pending(ssl_.get()) == 0) {
                // Asking again would only say so, and give back the record buffer by the way.
                SSL_free_buffers(ssl_.get());
                return progress::wants_read;
            }
            continue;
        }
        switch (SSL_get_error(ssl_.get(), got)) {
        case SSL_ERROR_WANT_READ:
            return progress::wants_read;
        case SSL_ERROR_ZERO_RETURN:
            return progress::done;
        default:
            ERR_clear_error(); // a stale error would be taken for one of the next connection
            return progress::failed;
        }
    }
}

bool tls_session::encrypt(std::string_view plain) {
    while (!plain.empty()) {
        auto took = SSL_write(ssl_.get(), plain.data(),
                              static_cast<int>(std::min<std::size_t>(plain.size(), 1U << 30U)));
        if (took <= 0) {
            ERR_clear_error();
            return false;
        }
        plain.remove_prefix(static_cast<std::size_t>(took));
    }
    return true;
}

tls_fault tls_session::fault() const {
    if (!own_fault_.empty()) {
        return {.untrusted = false, .reason = "our certificate cannot be shown: " + own_fault_};
    }
    if (auto refused = certificate_reason(*ssl_)) {
        ERR_clear_error();
        return {.untrusted = true, .reason = core::explain(*refused)};
    }
    return {.untrusted = false, .reason = last_error()};
}

ssl_session_ptr tls_session::session() const {
    ssl_session_ptr current(SSL_get1_session(ssl_.get()));
    bool usable = current && SSL_SESSION_is_resumable(current.get()) == 1;
    return usable ? std::move(current) : ssl_session_ptr();
}

} // namespace vertex_relay::io
