#pragma once
// An upstream whose every byte, pause and end a test decides: TLS on loopback with a certificate
// made for it, a thread for each connection.
//
//     scripted_origin origin([](origin_line& line) {
//         while (line.read()) {
//             line.send(json_answer("{}"));
//         }
//     });

#include "core/config/config.hpp"
#include "net/origin_line.hpp"
#include "net/token_rig.hpp"
#include "simulator/certificate.hpp"

#include <atomic>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

namespace vertex_relay::tests {

class scripted_origin {
public:
    using script = std::function<void(origin_line&)>;
    enum class wire : unsigned char { tls, plain };

    /// Runs `each` for every connection, which is closed cleanly when the script ends and did not.
    explicit scripted_origin(script each, wire kind = wire::tls);
    /// TLS with that identity, which may be one that no client should accept.
    scripted_origin(script each, simulator::identity const& own);
    /// Breaks what is still open and waits for the scripts.
    ~scripted_origin();
    scripted_origin(scripted_origin const&) = delete;
    scripted_origin& operator=(scripted_origin const&) = delete;

    /// Makes a relay call this origin instead of Vertex AI, and trust it beside those it trusts.
    void stand_in(core::config& settings) const;
    std::uint16_t port() const { return port_; }
    std::string const& ca_pem() const { return ca_pem_; } ///< of a TLS origin
    std::size_t connections() const { return connections_; } ///< accepted so far

private:
    void start();
    void listen();
    void accept_all();
    void converse(int fd, std::size_t number);

    script each_;
    wire kind_;
    scratch_directory files_;
    std::string ca_pem_;
    io::ssl_ctx_ptr context_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<std::size_t> connections_ = 0;
    std::mutex mutex_; ///< of the two below
    std::list<int> open_;
    std::list<std::thread> threads_;
    std::thread acceptor_;
};

/// A 200 with JSON of known length.
std::string json_answer(std::string_view body, std::string_view more_fields = {});
/// The head of a chunked event stream.
std::string stream_head(std::string_view more_fields = {});
/// A chat completion event with that text.
std::string text_event(std::string_view text);
/// The events with a finish reason and `[DONE]`.
std::string final_events();

inline constexpr std::string_view last_chunk = "0\r\n\r\n";

} // namespace vertex_relay::tests
