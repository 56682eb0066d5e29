#pragma once
// A blocking HTTP/1.1 client over one socket: it shows what arrived and how the connection ended.

#include "net/loop_thread.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace vertex_relay::tests {

using instant = std::chrono::steady_clock::time_point;

enum class ending : unsigned char {
    open,
    closed, ///< the peer's FIN
    reset,
};

struct http_answer {
    int status = 0;
    std::string head;
    std::string body;      ///< without framing; what came of it
    bool chunked = false;
    bool complete = false; ///< by its own framing: a length, a last chunk, the connection's end

    /// The value of a header field, empty if there is none. `name` in lower case.
    std::string field(std::string_view name) const;
};

class relay_client {
public:
    /// Owns `fd`, a connected socket.
    explicit relay_client(int fd);
    ~relay_client();
    relay_client(relay_client&& other) noexcept;
    relay_client& operator=(relay_client&&) = delete;

    /// Sends all of it, taking in what comes meanwhile; false if the peer does not take it.
    bool send(std::string_view bytes);
    /// Reads the next answer to its end, or what comes of it until the connection ends or
    /// `patience` is over. `bodiless`: it answers a HEAD request.
    http_answer read(bool bodiless = false);
    http_answer ask(std::string_view request) { return send(request) ? read() : http_answer{}; }

    /// Receives until `holds(everything not yet read)`; false at the end or after `patience`.
    bool wait_until(std::function<bool(std::string_view)> const& holds);
    bool wait_for(std::string_view text);
    /// Receives what is there, without waiting.
    void take_in();
    /// Receives until the connection ends.
    ending wait_for_end();
    /// Everything received and not yet read as an answer.
    std::string_view received() const { return inbox_; }
    /// Forgets what was received, or the first `bytes` of it.
    void forget(std::size_t bytes = std::string::npos) { inbox_.erase(0, bytes); }

    void half_close(); ///< FIN; still reads
    void close();      ///< FIN, or a reset if something was left unread
    void reset();

private:
    bool receive(instant until);
    bool wait(short events, instant until);

    int fd_;
    ending end_ = ending::open;
    std::string inbox_;
};

/// An open model: of what passes to it and back only the model's name is ever changed.
inline constexpr std::string_view open_model = "meta/llama-4-maverick-17b-128e-instruct-maas";

/// A chat request as HTTP, with a length.
std::string post_chat(std::string_view body, std::string_view more_fields = {});
/// Asks `model` for a short answer.
std::string chat_body(std::string_view model, bool stream);
/// Both in one.
std::string chat(std::string_view model, bool stream);

} // namespace vertex_relay::tests
