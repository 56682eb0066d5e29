#pragma once
// A blocking HTTP/1.1 client for tests: it shows what arrived and how the connection ended.

#include "simulator/simulator.hpp"

#include <openssl/ssl.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::simulator::testing {

enum class ending { open, clean, truncated, timeout };

struct response {
    int status = 0;
    std::string head;
    std::string raw;  ///< after the head, as received
    std::string body; ///< without chunk framing
    bool complete = false;
    ending end = ending::open;
};

/// One connection, TLS with the instance's CA and name checks on.
class client {
public:
    explicit client(instance const& server, std::string server_name = "localhost");
    ~client();
    client(client const&) = delete;
    client& operator=(client const&) = delete;

    bool connected() const { return ready_; }
    std::string alpn() const;
    void send(std::string_view bytes);
    /// Reads one response, or what comes of it until the end or the deadline.
    response read(std::chrono::milliseconds deadline = std::chrono::seconds(10));
    /// Reads until `done(everything so far)`; false at the end or the deadline.
    bool read_until(std::function<bool(std::string_view)> const& done);
    void close(); ///< without goodbye

private:
    ending receive(std::chrono::steady_clock::time_point until);

    SSL_CTX* tls_ = nullptr;
    SSL* ssl_ = nullptr;
    int socket_ = -1;
    bool ready_ = false;
    std::string buffer_;
};

struct call {
    std::string location = "global";
    std::string endpoint = "openapi";
    std::string host = "localhost";
    std::string token = "always-good";
    std::string verb = "/chat/completions";
    std::string method = "POST";
};

/// The request's bytes.
std::string http(call const& where, std::string_view body);

/// One request on a connection of its own.
response ask(instance const& server, std::string_view body, call const& where = {});

/// A server whose static token is `always-good`.
std::unique_ptr<instance> start(options settings = {});

/// Polls until `holds()` or ten seconds are over.
bool eventually(std::function<bool()> const& holds);

/// `{"model":…,"messages":[{"role":"user","content":"Hello"}]}` with `extra` members in front.
std::string hello(std::string_view model, std::string_view extra = "");

/// The payloads of the `data:` lines.
std::vector<std::string> events_of(std::string_view body);

/// Keys in order and kinds of values, e.g. `{a:1,b:["",{}]}`; arrays show their first element.
std::string shape_of(std::string_view json_text);

} // namespace vertex_relay::simulator::testing
