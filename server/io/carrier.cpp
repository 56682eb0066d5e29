#include "io/carrier.hpp"

#include <algorithm>

namespace vertex_relay::io {

io_result carrier::read_some(std::span<char> into) {
    if (rest_.empty()) {
        auto got = line_->read();
        if (got.status != io_status::ok) {
            return {got.status};
        }
        rest_ = got.bytes;
    }
    auto bytes = std::min(rest_.size(), into.size());
    std::ranges::copy(rest_.first(bytes), into.begin());
    rest_ = rest_.subspan(bytes);
    return {io_status::ok, bytes};
}

task<connection::sent> carrier::write(fiber& sleeper, std::string bytes) {
    std::string_view part = bytes;
    auto result = co_await line_->write(sleeper, {&part, 1});
    co_return result;
}

io_result carrier::write_some(std::string_view bytes) {
    auto& outgoing = buffers_->cipher_out;
    outgoing.clear();
    if (!line_->tls()->encrypt(bytes)) {
        return {io_status::error};
    }
    std::string_view part = outgoing;
    auto result = line_->socket().write_some({&part, 1});
    outgoing.clear();
    return result;
}

} // namespace vertex_relay::io
