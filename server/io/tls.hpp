#pragma once
// TLS to Google: OpenSSL over a memory BIO of our own on the loop's buffers, so that one large
// `recv` feeds many `SSL_read`s and many records leave in one `send`.
//
//     recv ─► cipher_in ─► SSL_read … ─► plain        gather ─► SSL_write … ─► cipher_out ─► send

#include "core/google/token_call.hpp"

#include <openssl/ssl.h>

#include <array>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::io {

template <auto Free>
struct openssl_free {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};
using ssl_ctx_ptr = std::unique_ptr<SSL_CTX, openssl_free<SSL_CTX_free>>;
using ssl_ptr = std::unique_ptr<SSL, openssl_free<SSL_free>>;
using ssl_session_ptr = std::unique_ptr<SSL_SESSION, openssl_free<SSL_SESSION_free>>;

/// Scratch of one loop, used between two waits and never across one.
struct wire_buffers {
    static constexpr std::size_t read_bytes = 16 * 1024;
    /// One read decrypts to at most itself plus one record that OpenSSL held back.
    static constexpr std::size_t plain_bytes = 2 * read_bytes;

    std::array<char, read_bytes> cipher_in;
    std::array<char, plain_bytes> plain;
    std::string plain_out; ///< a head and a small body on their way into one record
    std::string cipher_out;
    std::string_view unread; ///< part of `cipher_in` that OpenSSL has not taken yet
};

/// Why there is no session.
struct tls_fault {
    bool untrusted;     ///< the peer's certificate did not verify
    std::string reason; ///< a few words; a sentence or two if untrusted
};

/// Makes the client context: peer always verified, TLS 1.2 or newer. Trusted are the system's CAs,
/// or those of OpenSSL's variables SSL_CERT_FILE and SSL_CERT_DIR instead, and `ca_file`. Reading
/// the CA bundle takes about 20 ms: call it beside the loop. The error is a sentence.
std::expected<ssl_ctx_ptr, std::string> make_client_context(std::string const& ca_file);

/// Why nobody can be trusted by the PEM file of `upstream.ca_file`, a sentence that begins with the
/// setting; empty if all is well.
std::string fault_of_authorities(std::string const& ca_file);

/// The files it reads at once. Certificates in a directory are found when one is needed.
std::vector<std::string> trusted_files(std::string const& ca_file);

/// What a client brings to a handshake beside the name it expects; both may be null.
struct tls_offer {
    SSL_SESSION* resume = nullptr;
    core::google::client_identity const* identity = nullptr; ///< shown if the server asks for one
};

/// One TLS session over bytes that somebody else moves.
class tls_session {
public:
    /// `name` is what the certificate must carry (DNS name or address).
    tls_session(SSL_CTX& context, wire_buffers& buffers, std::string const& name,
                tls_offer const& offer);

    enum class progress : unsigned char { done, wants_read, failed };

    /// Continues the handshake with `buffers.unread`; what must be sent is in `cipher_out`.
    progress handshake();
    /// Decrypts all of `buffers.unread` into `buffers.plain`. `wants_read` is the normal end;
    /// `done` means the peer closed the session properly.
    progress decrypt(std::size_t& plain_bytes);
    /// Appends records to `buffers.cipher_out`.
    bool encrypt(std::string_view plain);

    /// Why the handshake failed.
    tls_fault fault() const;
    /// To resume the next connection to the same host with; null if there is none.
    ssl_session_ptr session() const;

private:
    wire_buffers& buffers_;
    ssl_ptr ssl_;
    std::string own_fault_; ///< why nothing can be shown that must be; empty: all is well
};

} // namespace vertex_relay::io
