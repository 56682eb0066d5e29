#pragma once
// One non-blocking byte stream, in the clear or under TLS. TLS runs over a BIO of our own on
// buffers in memory, so that each send() carries all records queued so far and each write() makes
// exactly one record (up to 16 KiB).

#include "net.hpp"

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

namespace vertex_relay::bench {

struct tls_deleter {
    void operator()(SSL_CTX* settings) const { SSL_CTX_free(settings); }
    void operator()(SSL* session) const { SSL_free(session); }
};
using tls_settings = std::unique_ptr<SSL_CTX, tls_deleter>;
using tls_session = std::unique_ptr<SSL, tls_deleter>;

/// TLS 1.3 server settings with one certificate and its key, both PEM files. Dies on failure.
tls_settings server_settings(const std::string& certificate_file, const std::string& key_file);

/// TLS 1.3 client settings that verify against the one authority in `ca_file`. Dies on failure.
tls_settings client_settings(const std::string& ca_file);

class channel {
public:
    /// In the clear.
    explicit channel(unique_fd fd);
    /// The accepting side of TLS.
    channel(unique_fd fd, SSL_CTX& settings);
    /// The connecting side of TLS; `name` must be in the peer's certificate.
    channel(unique_fd fd, SSL_CTX& settings, const std::string& name);
    channel(const channel&) = delete;
    channel& operator=(const channel&) = delete;

    /// Appends what has arrived to `into`. `hung_up` says that epoll reported the peer's end, so
    /// that a short read is not taken for the last one. False once closed or failed.
    [[nodiscard]] bool receive(std::string& into, bool hung_up);

    /// Queues plaintext as one record, or after the handshake if that still runs.
    void write(std::string_view plaintext);

    /// Sends what is queued as far as the socket takes it. False when the connection is lost.
    [[nodiscard]] bool flush();

    /// Bytes queued and not yet taken by the socket.
    std::size_t pending() const { return outgoing_.size() - sent_; }

    int fd() const { return fd_.get(); }

private:
    friend struct channel_bio;
    void start_session(SSL_CTX& settings);
    bool decrypt(std::string& into);
    void encrypt_waiting();

    unique_fd fd_;
    tls_session session_;
    std::string waiting_;         // plaintext written before the handshake finished
    std::string_view ciphertext_; // the shared receive buffer, empty between calls
    std::string outgoing_;
    std::size_t sent_ = 0;
};

} // namespace vertex_relay::bench
