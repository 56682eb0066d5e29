#pragma once
// Takes one HTTP/1.1 answer apart as it arrives: status, then the body without its framing.
// Chunks may be cut anywhere; proxies re-chunk in the middle of an event.

#include <cstddef>
#include <string>
#include <string_view>

namespace vertex_relay::bench {

class http_answer {
public:
    /// Takes what belongs to this answer off `arrived` and appends body bytes to `body`.
    void take(std::string_view& arrived, std::string& body);

    bool started() const { return status_ != 0; }
    bool complete() const { return now_ == state::complete; }
    bool broken() const { return now_ == state::broken; }
    int status() const { return status_; }
    /// The server will close the connection after this answer.
    bool closes() const { return closes_; }

private:
    enum class state { head, sized, chunk_head, chunk, chunk_end, trailer, complete, broken };

    bool take_until(std::string_view& arrived, std::string_view end);
    void read_head();
    void read_chunk_head();
    void take_bytes(std::string_view& arrived, std::string& body);

    state now_ = state::head;
    std::string partial_; // of a head or a framing line
    std::size_t left_ = 0;
    int status_ = 0;
    bool closes_ = false;
};

} // namespace vertex_relay::bench
