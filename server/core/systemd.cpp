#include "core/systemd.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vertex_relay::core {

namespace {

constexpr int first_fd = 3;          ///< SD_LISTEN_FDS_START
constexpr std::uint32_t fds_max = 64; ///< nobody listens on more addresses

bool is_for(google::environment const& variables, std::string_view name, std::uint32_t pid) {
    return ascii::parse_decimal<std::uint32_t>(variables.get(name)) == pid;
}

std::vector<passed_socket> name_sockets(std::uint32_t count, std::string_view names) {
    std::vector<passed_socket> out;
    for (std::uint32_t i = 0; i < count; ++i) {
        auto name = names.substr(0, names.find(':'));
        names.remove_prefix(std::min(names.size(), name.size() + 1));
        out.push_back({first_fd + static_cast<int>(i), std::string(name)});
    }
    return out;
}

} // namespace

std::expected<systemd_words, std::string> read_systemd(google::environment const& variables,
                                                       std::uint32_t pid) {
    systemd_words out;
    if (is_for(variables, "LISTEN_PID", pid)) {
        auto text = variables.get("LISTEN_FDS");
        auto count = ascii::parse_decimal<std::uint32_t>(text);
        if (!count || *count > fds_max) {
            return std::unexpected(fmt::format("LISTEN_FDS is '{}', expected the number of "
                                               "sockets passed, at most {}",
                                               text, fds_max));
        }
        out.sockets = name_sockets(*count, variables.get("LISTEN_FDNAMES"));
    }
    out.notify_socket = variables.get("NOTIFY_SOCKET");
    bool watched = !variables.has("WATCHDOG_PID") || is_for(variables, "WATCHDOG_PID", pid);
    auto span = ascii::parse_decimal<std::uint64_t>(variables.get("WATCHDOG_USEC"));
    if (watched && span) {
        out.watchdog = std::chrono::microseconds(*span);
    }
    return out;
}

void listen_on_passed(config& settings, std::vector<passed_address> const& passed) {
    std::vector<std::string> addresses;
    for (auto const& one : passed) {
        if (one.admin) {
            settings.admin.listen = one.address.text();
        } else {
            addresses.push_back(one.address.text());
        }
    }
    for (auto const& configured : settings.listen) {
        if (std::ranges::find(addresses, configured) == addresses.end()) {
            addresses.push_back(configured);
        }
    }
    settings.listen = std::move(addresses);
}

std::string reloading_lines(std::chrono::microseconds now) {
    return fmt::format("RELOADING=1\nMONOTONIC_USEC={}", now.count());
}

std::string stopping_lines(std::chrono::milliseconds longest, std::string_view status) {
    return fmt::format("STOPPING=1\nEXTEND_TIMEOUT_USEC={}\nSTATUS={}",
                       std::chrono::microseconds(longest).count(), status);
}

} // namespace vertex_relay::core
