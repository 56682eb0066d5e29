#pragma once
// One HTTP/1 request as it was received, and the reader that cuts requests out of a byte stream.
// The reader is strict (RFC 9112) on purpose: it also checks who talks to the simulator.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vertex_relay::simulator {

struct request {
    std::string head;   ///< raw bytes up to and including the blank line
    std::string body;   ///< decoded: without transfer coding
    std::string method; ///< as sent
    std::string target; ///< as sent, query included
    bool keep_alive = true;
    std::string client_certificate; ///< DER, of the connection; empty: none was shown

    struct header {
        std::string name; ///< lower case
        std::string value;
    };
    std::vector<header> headers;

    /// The first header of that lower-case name.
    std::optional<std::string_view> find(std::string_view name) const;
    std::string_view path() const { return std::string_view(target).substr(0, target.find('?')); }
    /// The authority without its port, lower case as sent by well-behaved clients.
    std::string_view host() const;
};

/// Feed it bytes, take requests. One per connection; after `bad` it must not be used again.
class request_reader {
public:
    static constexpr std::size_t head_bytes_max = 256 * 1024;
    static constexpr std::size_t body_bytes_max = 64 * 1024 * 1024;

    enum class state { head, body, done, bad };

    /// Consumes what it can from the front of `input` and says where the request stands.
    state read(std::string& input);
    /// The request, complete after `done`; its head is usable from `body` on.
    request& current() { return request_; }
    /// Body bytes seen so far; lets a fault answer before the upload ended.
    std::string_view body_so_far() const { return request_.body; }
    /// Why it is `bad`.
    std::string const& complaint() const { return complaint_; }
    void next();

private:
    state fail(std::string why);
    bool read_head(std::string_view head);
    bool read_header_line(std::string_view line);
    bool decide_framing();
    state read_chunks(std::string& input);

    enum class framing { none, length, chunked };

    request request_;
    state state_ = state::head;
    framing framing_ = framing::none;
    std::size_t left_ = 0;       // bytes left of the body or of the chunk
    bool in_chunk_ = false;
    bool last_chunk_ = false;
    std::string complaint_;
};

} // namespace vertex_relay::simulator
