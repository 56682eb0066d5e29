#pragma once
// What systemd says to a service in its environment (sd_listen_fds(3), sd_notify(3),
// sd_watchdog_enabled(3)), and the lines that a service tells it.

#include "core/config/config.hpp"
#include "core/config/listen_address.hpp"
#include "core/google/environment.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::core {

/// All that systemd says. None of it is meant for a child process.
inline constexpr std::array<char const*, 7> systemd_variables{
    "LISTEN_PID", "LISTEN_FDS",    "LISTEN_FDNAMES", "LISTEN_PIDFDID",
    "WATCHDOG_PID", "WATCHDOG_USEC", "NOTIFY_SOCKET"};

/// A listening socket that was open before the program began.
struct passed_socket {
    int fd = -1;
    std::string name = {}; ///< `FileDescriptorName=`; `admin` stands for `admin.listen`
};

struct systemd_words {
    std::vector<passed_socket> sockets = {};
    std::string notify_socket = {};         ///< a path, or `@name`; empty: nobody listens
    std::chrono::microseconds watchdog{0}; ///< the longest silence allowed; 0: any
};

/// `pid` is our own: what is meant for another process counts as not said. The error is a sentence.
std::expected<systemd_words, std::string> read_systemd(google::environment const& variables,
                                                       std::uint32_t pid);

struct passed_address {
    listen_address address;
    bool admin = false;
};

/// Makes the passed addresses those of the configuration: they stand for the default addresses, or
/// before those of `listen`; one named `admin` stands for `admin.listen`.
void listen_on_passed(config& settings, std::vector<passed_address> const& passed);

/// The lines for a reload that begins at `now` of CLOCK_MONOTONIC.
std::string reloading_lines(std::chrono::microseconds now);
/// The lines for an end that may take as long as `longest`.
std::string stopping_lines(std::chrono::milliseconds longest, std::string_view status);

} // namespace vertex_relay::core
