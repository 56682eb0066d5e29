#include "net/scripted_origin.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>

namespace vertex_relay::tests {

namespace {

using bio_ptr = std::unique_ptr<BIO, io::openssl_free<BIO_free>>;
using key_ptr = std::unique_ptr<EVP_PKEY, io::openssl_free<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, io::openssl_free<X509_free>>;

bio_ptr reader_of(std::string const& pem) {
    return bio_ptr(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

io::ssl_ctx_ptr server_context(simulator::identity const& own) {
    io::ssl_ctx_ptr context(SSL_CTX_new(TLS_server_method()));
    auto certificates = reader_of(own.certificate_pem);
    auto keys = reader_of(own.key_pem);
    certificate_ptr leaf(PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr));
    key_ptr key(PEM_read_bio_PrivateKey(keys.get(), nullptr, nullptr, nullptr));
    bool good = SSL_CTX_use_certificate(context.get(), leaf.get()) == 1 &&
                SSL_CTX_use_PrivateKey(context.get(), key.get()) == 1;
    if (!good) {
        throw std::runtime_error("scripted_origin: no certificate");
    }
    return context;
}

} // namespace

scripted_origin::scripted_origin(script each, wire kind) : each_(std::move(each)), kind_(kind) {
    if (kind_ == wire::tls) {
        auto own = simulator::make_identity();
        if (!own) {
            throw std::runtime_error(own.error());
        }
        ca_pem_ = own->ca_pem;
        context_ = server_context(*own);
    }
    start();
}

scripted_origin::scripted_origin(script each, simulator::identity const& own)
    : each_(std::move(each)), kind_(wire::tls), ca_pem_(own.ca_pem),
      context_(server_context(own)) {
    start();
}

void scripted_origin::start() {
    std::signal(SIGPIPE, SIG_IGN); // OpenSSL writes without MSG_NOSIGNAL
    listen();
    acceptor_ = std::thread([this] { accept_all(); });
}

scripted_origin::~scripted_origin() {
    ::shutdown(listener_, SHUT_RDWR); // ends the accept
    acceptor_.join();
    {
        std::scoped_lock lock(mutex_);
        for (int fd : open_) {
            ::shutdown(fd, SHUT_RDWR);
        }
    }
    for (auto& one : threads_) {
        one.join();
    }
    ::close(listener_);
}

void scripted_origin::listen() {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    int on = 1;
    ::setsockopt(listener_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); // inherited
    if (::bind(listener_, raw, size) != 0 || ::listen(listener_, 1024) != 0 ||
        ::getsockname(listener_, raw, &size) != 0) {
        throw std::runtime_error("scripted_origin cannot listen");
    }
    port_ = ntohs(address.sin_port);
}

void scripted_origin::accept_all() {
    int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    while (fd >= 0) {
        auto number = connections_++;
        std::scoped_lock lock(mutex_);
        open_.push_back(fd);
        threads_.emplace_back([this, fd, number] { converse(fd, number); });
        fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    }
}

void scripted_origin::converse(int fd, std::size_t number) {
    {
        origin_line line(fd, io::ssl_ptr(context_ ? SSL_new(context_.get()) : nullptr), number);
        if (!line.ended()) {
            each_(line);
            line.close();
        }
    }
    std::scoped_lock lock(mutex_);
    open_.remove(fd);
    ::close(fd);
}

void scripted_origin::stand_in(core::config& settings) const {
    auto scheme = kind_ == wire::tls ? "https" : "http";
    settings.upstream.endpoint = fmt::format("{}://127.0.0.1:{}", scheme, port_);
    std::ifstream trusted(settings.upstream.ca_file, std::ios::binary);
    std::string bundle(std::istreambuf_iterator<char>(trusted), {});
    settings.upstream.ca_file = files_.write("ca.pem", bundle + ca_pem_);
}

std::string json_answer(std::string_view body, std::string_view more_fields) {
    return fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{}"
                       "Content-Length: {}\r\n\r\n{}",
                       more_fields, body.size(), body);
}

std::string stream_head(std::string_view more_fields) {
    return fmt::format("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{}"
                       "Transfer-Encoding: chunked\r\n\r\n",
                       more_fields);
}

std::string text_event(std::string_view text) {
    return fmt::format(R"(data: {{"choices":[{{"delta":{{"content":"{}"}},"index":0}}]}})", text) +
           "\n\n";
}

std::string final_events() {
    return R"(data: {"choices":[{"delta":{},"finish_reason":"stop","index":0}]})"
           "\n\ndata: [DONE]\n\n";
}

} // namespace vertex_relay::tests
