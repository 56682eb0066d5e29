#pragma once
// A listening socket, TCP or Unix, on one loop. Accepted clients are handed on as descriptors.

#include "core/config/listen_address.hpp"
#include "io/socket.hpp"

#include <expected>
#include <functional>
#include <string>

namespace vertex_relay::io {

class listener final : readiness_sink {
public:
    /// `on_client` receives each connected, non-blocking descriptor and owns it.
    listener(event_loop& loop, std::function<void(int)> on_client);
    ~listener();
    listener(listener const&) = delete;
    listener& operator=(listener const&) = delete;

    /// Binds and listens. The error is the system's number: EADDRNOTAVAIL means that the host
    /// lacks the address. `mode` is the permission of a Unix socket, set before it can be reached.
    std::expected<void, int> open(core::listen_address const& address, unsigned mode);
    /// Takes `fd`, which listens at `address` already. Its owner may have it open as well, so that
    /// clients can wait while nobody accepts: a Unix socket's file stays.
    std::expected<void, int> adopt(int fd, core::listen_address const& address);
    void close();

    /// `http://127.0.0.1:8642`, with the real port; `unix:/path`.
    std::string name() const { return name_; }

private:
    void on_readiness(std::uint32_t events) override;
    std::expected<void, int> bind_tcp(core::listen_address const& address);
    std::expected<void, int> bind_unix(core::listen_address const& address, unsigned mode);
    task<void> accept_clients();
    bool accept_all();

    event_loop& loop_;
    std::function<void(int)> on_client_;
    int fd_ = -1;
    int reserve_ = -1; ///< a descriptor to give up when there are no others
    std::string name_;
    std::string path_; ///< of a Unix socket, removed at the end
    fiber acceptor_;
};

} // namespace vertex_relay::io
