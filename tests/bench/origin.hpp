#pragma once
// The stand-in for Vertex AI: a lean single-threaded TLS server that answers as the model name
// asks (origin_answers.hpp). It answers 400 unless the request came rewritten, so that every proxy
// under test does the same work. Each event is one TLS record.

#include "channel.hpp"
#include "origin_answers.hpp"
#include "wheel.hpp"

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <unordered_map>

namespace vertex_relay::bench {

struct origin_options {
    std::string path;          ///< the one target that chat completions are answered on
    std::string authorization; ///< the whole value that header must have
};

class origin {
public:
    /// Borrows the listener's descriptor and the settings.
    origin(int listener, SSL_CTX& settings, origin_options options);

    /// Serves until the process is ended.
    [[noreturn]] void run();

private:
    struct peer {
        peer(unique_fd fd, SSL_CTX& settings) : wire(std::move(fd), settings) {}
        enum class phase { head, body, stream };

        channel wire;
        phase now = phase::head;
        std::string input;
        std::string target;
        bool authorized = false;
        std::size_t body_left = 0;
        std::string body_front; // the first 16 KiB: model and nonce stand there
        behaviour asked;
        std::uint32_t nonce = 0;
        std::uint32_t sent = 0; // events
        std::int64_t due_ns = 0;
    };

    void accept_all();
    void on_event(std::uint64_t id, std::uint32_t events);
    bool advance(peer& from, std::uint64_t id);
    bool take_head(peer& from);
    void answer(peer& to, std::uint64_t id);
    void start_stream(peer& to, std::uint64_t id);
    void schedule(const peer& of, std::uint64_t id);
    void write_event(peer& to);
    bool write_burst(peer& to);
    void finish_stream(peer& to);
    void fire(std::uint64_t id);
    void refuse(peer& to, const std::string& reason);

    int listener_;
    SSL_CTX& settings_;
    origin_options options_;
    unique_fd epoll_;
    std::uint64_t next_id_ = 1; // 0 is the listener
    std::unordered_map<std::uint64_t, std::unique_ptr<peer>> peers_;
    wheel<std::uint64_t> calendar_;
    std::mt19937_64 random_{1};
    std::string event_;
    bool told_refusal_ = false;
};

} // namespace vertex_relay::bench
