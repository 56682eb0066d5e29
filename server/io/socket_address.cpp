#include "io/socket_address.hpp"

#include "io/asio.hpp"

#include <cstring>

namespace vertex_relay::io {

std::optional<socket_address> parse_address(std::string const& host, std::uint16_t port) {
    boost::system::error_code error;
    auto address = net::ip::make_address(host, error);
    if (error) {
        return std::nullopt;
    }
    tcp::endpoint endpoint(address, port);
    socket_address out;
    std::memcpy(&out.storage, endpoint.data(), endpoint.size());
    out.size = static_cast<socklen_t>(endpoint.size());
    out.text = address.to_string();
    return out;
}

} // namespace vertex_relay::io
