#pragma once
// Names to addresses: Asio's resolver beside the loop, answers kept for a while, `upstream.resolve`
// in front (curl's --resolve).

#include "core/failure.hpp"
#include "io/event_loop.hpp"

#include <sys/socket.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace vertex_relay::io {

struct socket_address {
    sockaddr_storage storage{};
    socklen_t size = 0;
    std::string text; ///< for logs and errors
};

/// Numeric address and port; nullopt for a name.
std::optional<socket_address> parse_address(std::string const& host, std::uint16_t port);

class resolver {
public:
    /// `overrides` are `HOST:PORT=ADDR:PORT` entries, already checked by the configuration.
    resolver(event_loop& loop, std::vector<std::string> const& overrides);
    ~resolver();

    /// Answers are fresh for 60 s; when the name server fails, the last good answer serves for
    /// 10 minutes. Failures: 502 upstream_unreachable, 504 upstream_connect_timeout.
    task<core::result<std::vector<socket_address>>> resolve(fiber& sleeper, std::string host,
                                                            std::uint16_t port);

private:
    struct answer {
        std::vector<socket_address> addresses;
        time_point at;
    };
    struct lookup;
    task<std::shared_ptr<lookup>> ask(fiber& sleeper, std::string const& host,
                                      std::uint16_t port);

    event_loop& loop_;
    std::unordered_map<std::string, socket_address> overrides_; ///< by `host:port`
    std::unordered_map<std::string, answer> answers_;
};

} // namespace vertex_relay::io
