#pragma once
// The CONNECT exchange with a proxy (RFC 9110 section 9.3.6), before TLS to the target begins.
//
//     CONNECT host:443 HTTP/1.1 ──►      no bearer token, no credential but the proxy's own
//                               ◄── HTTP/1.1 200 …   then the target's bytes

#include "core/egress/connect_error.hpp"
#include "core/egress/proxy.hpp"

#include <string>
#include <string_view>

namespace vertex_relay::core {

/// The request, whole. `host` is a name or a literal without brackets.
secret tunnel_request(std::string_view host, std::uint16_t port, proxy const& through);

/// Takes the proxy's answer in, in pieces of any size.
class tunnel_answer {
public:
    static constexpr std::size_t head_bytes_max = 16 * 1024;
    static constexpr int interim_max = 8; ///< 1xx answers, skipped

    enum class verdict : unsigned char { more, open, failed };
    verdict take(std::string_view bytes);
    /// The proxy closed or reset the connection before the answer was whole.
    void take_end();

    bool is_open() const { return open_; }
    /// Once open: what came behind the head, the target's first bytes.
    std::string_view rest() const { return bytes_; }
    /// Once failed: fault and detail.
    connect_error error() const { return {.fault = fault_, .detail = detail_}; }

private:
    verdict judge(std::string_view head);
    verdict fail(connect_fault fault, std::string detail);

    std::string bytes_; ///< of the current head; then what is behind it
    std::size_t scanned_ = 0;
    int interim_ = 0;
    bool open_ = false;
    connect_fault fault_ = connect_fault::proxy_failed;
    std::string detail_;
};

} // namespace vertex_relay::core
