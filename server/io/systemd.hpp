#pragma once
// What systemd gives to the process, and the socket on which it listens to it. No libsystemd: the
// protocol is a few variables and datagrams (sd_listen_fds(3), sd_notify(3)).

#include "core/systemd.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::io {

class log;

/// A listening socket that came with the process, and its real address. The listener that takes it
/// owns it.
struct passed_listener {
    int fd = -1;
    core::passed_address at;
};

struct systemd_parts {
    std::vector<passed_listener> sockets = {};
    std::string notify_socket = {};
    std::chrono::microseconds watchdog{0};

    std::vector<core::passed_address> addresses() const;
};

/// Reads the variables and removes them from the environment, so that no child takes them for its
/// own. A credential `adc.json` (`LoadCredential=`) becomes what GOOGLE_APPLICATION_CREDENTIALS
/// names, unless that is set. Call once, before there are threads. Throws configuration_error for a
/// socket that cannot be listened on.
systemd_parts take_systemd_parts();

/// Tells systemd how the relay is. Never waits; without systemd it does nothing.
class notifier {
public:
    /// Throws configuration_error if `address` is none that can be sent to.
    notifier(std::string const& address, log const& logs);
    ~notifier();
    notifier(notifier const&) = delete;
    notifier& operator=(notifier const&) = delete;

    /// `lines` as in sd_notify(3): `READY=1`.
    void tell(std::string_view lines) const;

private:
    log const& logs_;
    int fd_ = -1;
};

} // namespace vertex_relay::io
