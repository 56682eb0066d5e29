#pragma once
// The TLS connection to an https:// proxy, inside which the TLS connection to the target runs.

#include "io/connection.hpp"

#include <memory>

namespace vertex_relay::io {

class carrier {
public:
    /// `buffers` are the line's own: the loop's are at work on what is carried.
    carrier(std::unique_ptr<wire_buffers> buffers, std::unique_ptr<connection> line)
        : buffers_(std::move(buffers)), line_(std::move(line)) {}

    /// As `socket::read_some`, of what was carried.
    io_result read_some(std::span<char> into);
    /// Bytes that have come and were not read.
    bool has_rest() const { return !rest_.empty(); }
    /// As `connection::write`.
    task<connection::sent> write(fiber& sleeper, std::string bytes);
    /// Never waits: what the socket does not take is lost.
    io_result write_some(std::string_view bytes);

    io::socket& socket() { return line_->socket(); }

private:
    std::unique_ptr<wire_buffers> buffers_;
    std::unique_ptr<connection> line_;
    std::span<char> rest_; ///< in `buffers_`
};

} // namespace vertex_relay::io
