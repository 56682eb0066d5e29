#include "channel.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace vertex_relay::bench {

/// OpenSSL's view of a channel: reads `ciphertext_`, appends to `outgoing_`.
struct channel_bio {
    static channel& owner(BIO* bio) { return *static_cast<channel*>(BIO_get_data(bio)); }

    static int read(BIO* bio, char* into, int size) {
        std::string_view& from = owner(bio).ciphertext_;
        BIO_clear_retry_flags(bio);
        if (from.empty()) {
            BIO_set_retry_read(bio);
            return -1;
        }
        const std::size_t count = std::min(from.size(), static_cast<std::size_t>(size));
        std::memcpy(into, from.data(), count);
        from.remove_prefix(count);
        return static_cast<int>(count);
    }

    static int write(BIO* bio, const char* from, int size) {
        BIO_clear_retry_flags(bio);
        owner(bio).outgoing_.append(from, static_cast<std::size_t>(size));
        return size;
    }

    static long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH; }

    static BIO_METHOD* method() {
        static BIO_METHOD* const made = [] {
            BIO_METHOD* fresh = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "channel");
            BIO_meth_set_read(fresh, read);
            BIO_meth_set_write(fresh, write);
            BIO_meth_set_ctrl(fresh, control);
            return fresh;
        }();
        return made;
    }
};

namespace {

[[noreturn]] void die_of_tls(const std::string& what) {
    std::array<char, 256> reason{};
    ERR_error_string_n(ERR_get_error(), reason.data(), reason.size());
    die(what + ": " + reason.data());
}

tls_settings new_settings(const SSL_METHOD* method) {
    tls_settings settings(SSL_CTX_new(method));
    if (!settings || SSL_CTX_set_min_proto_version(settings.get(), TLS1_3_VERSION) != 1) {
        die_of_tls("TLS settings");
    }
    SSL_CTX_set_mode(settings.get(), SSL_MODE_RELEASE_BUFFERS);
    return settings;
}

} // namespace

tls_settings server_settings(const std::string& certificate_file, const std::string& key_file) {
    tls_settings settings = new_settings(TLS_server_method());
    if (SSL_CTX_use_certificate_chain_file(settings.get(), certificate_file.c_str()) != 1) {
        die_of_tls(certificate_file);
    }
    if (SSL_CTX_use_PrivateKey_file(settings.get(), key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
        die_of_tls(key_file);
    }
    // Without an id OpenSSL refuses to resume sessions of clients.
    static constexpr std::array<unsigned char, 5> id{'b', 'e', 'n', 'c', 'h'};
    SSL_CTX_set_session_id_context(settings.get(), id.data(), id.size());
    return settings;
}

tls_settings client_settings(const std::string& ca_file) {
    tls_settings settings = new_settings(TLS_client_method());
    SSL_CTX_set_verify(settings.get(), SSL_VERIFY_PEER, nullptr);
    if (SSL_CTX_load_verify_locations(settings.get(), ca_file.c_str(), nullptr) != 1) {
        die_of_tls(ca_file);
    }
    return settings;
}

channel::channel(unique_fd fd) : fd_(std::move(fd)) {}

channel::channel(unique_fd fd, SSL_CTX& settings) : fd_(std::move(fd)) {
    start_session(settings);
    SSL_set_accept_state(session_.get());
}

channel::channel(unique_fd fd, SSL_CTX& settings, const std::string& name) : fd_(std::move(fd)) {
    start_session(settings);
    SSL_set_tlsext_host_name(session_.get(), name.c_str());
    SSL_set1_host(session_.get(), name.c_str());
    SSL_set_connect_state(session_.get());
    SSL_do_handshake(session_.get()); // Queues the first flight; the rest happens in receive().
}

void channel::start_session(SSL_CTX& settings) {
    session_.reset(SSL_new(&settings));
    BIO* bio = BIO_new(channel_bio::method());
    if (!session_ || bio == nullptr) {
        die_of_tls("TLS session");
    }
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    SSL_set_bio(session_.get(), bio, bio);
}

bool channel::receive(std::string& into, bool hung_up) {
    static std::array<char, 65536> arrived;
    for (;;) {
        const ssize_t count = recv(fd_.get(), arrived.data(), arrived.size(), 0);
        if (count == 0) {
            return false;
        }
        if (count < 0) {
            return errno == EAGAIN || errno == EINTR;
        }
        const std::string_view bytes(arrived.data(), static_cast<std::size_t>(count));
        if (session_) {
            ciphertext_ = bytes;
            if (!decrypt(into)) {
                return false;
            }
        } else {
            into.append(bytes);
        }
        if (bytes.size() < arrived.size() && !hung_up) {
            return true;
        }
    }
}

bool channel::decrypt(std::string& into) {
    static std::array<char, 16384> plain;
    ERR_clear_error();
    for (;;) {
        std::size_t count = 0;
        if (SSL_read_ex(session_.get(), plain.data(), plain.size(), &count) == 1) {
            into.append(plain.data(), count);
            continue;
        }
        const int error = SSL_get_error(session_.get(), 0);
        encrypt_waiting();
        return error == SSL_ERROR_WANT_READ;
    }
}

void channel::encrypt_waiting() {
    if (!waiting_.empty() && SSL_is_init_finished(session_.get()) == 1) {
        const std::string ready = std::move(waiting_);
        waiting_.clear();
        write(ready);
    }
}

void channel::write(std::string_view plaintext) {
    if (!session_) {
        outgoing_.append(plaintext);
        return;
    }
    if (SSL_is_init_finished(session_.get()) != 1) {
        waiting_.append(plaintext);
        return;
    }
    std::size_t written = 0;
    SSL_write_ex(session_.get(), plaintext.data(), plaintext.size(), &written);
}

bool channel::flush() {
    while (sent_ < outgoing_.size()) {
        const ssize_t count =
            send(fd_.get(), outgoing_.data() + sent_, outgoing_.size() - sent_, MSG_NOSIGNAL);
        if (count < 0) {
            // ENOTCONN: still connecting; epoll reports when it is done.
            return errno == EAGAIN || errno == EINTR || errno == ENOTCONN;
        }
        sent_ += static_cast<std::size_t>(count);
    }
    outgoing_.clear();
    sent_ = 0;
    return true;
}

} // namespace vertex_relay::bench
