#pragma once
// A plain HTTP server on loopback whose every answer is scripted, and whose faults are exact.

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace vertex_relay::tests {

class token_server {
public:
    /// What to send back for a whole request, as it is.
    struct reply {
        std::string bytes;
        bool hold = false; ///< keep the connection open afterwards instead of closing it
    };
    using script = std::function<reply(std::string const& request)>;

    explicit token_server(script answers);
    ~token_server();
    token_server(token_server const&) = delete;
    token_server& operator=(token_server const&) = delete;

    std::uint16_t port() const { return port_; }
    std::string url(std::string const& path = "/token") const;
    std::vector<std::string> requests() const;
    std::size_t count() const { return requests().size(); }
    void answer_with(script answers);

private:
    void serve(std::stop_token stop);
    void converse(int client);

    int listener_ = -1;
    std::uint16_t port_ = 0;
    mutable std::mutex mutex_;
    script answers_;
    std::vector<std::string> requests_;
    std::vector<int> held_;
    std::jthread thread_;
};

/// A 200 with a body of known length.
std::string http_ok(std::string const& body, std::string const& more_headers = {});
/// A refusal of that status with a body of known length.
std::string http_error(int status, std::string const& body);
/// What a token endpoint says.
std::string token_json(std::string const& token, int lifetime = 3599);

} // namespace vertex_relay::tests
