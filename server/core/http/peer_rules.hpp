#pragma once
// Which users of this machine may connect. Any of them can reach a loopback port, and whoever
// reaches the relay spends the project's money; the kernel tells whose a connection is.

#include "core/config/config.hpp"
#include "core/failure.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vertex_relay::core {

/// The user at the other end of a connection from this machine.
struct peer {
    std::optional<std::uint32_t> uid = {};   ///< nullopt: the kernel does not tell
    std::vector<std::uint32_t> groups = {}; ///< told for Unix sockets only
};

struct peer_rules {
    bool on = false;
    std::vector<std::uint32_t> uids = {}; ///< who may, members of allowed groups included
    std::vector<std::uint32_t> groups = {};
};

/// Policy row 9: 403 peer_not_allowed if the rules are on and keep `who` out. A peer on another
/// machine (nullopt) has no uid here: a key decides.
std::optional<failure> check_peer(peer_rules const& rules, std::optional<peer> const& who);

struct peer_surroundings {
    std::uint32_t uid = 0; ///< the relay's own
    bool container = false;
    bool initial_namespace = true; ///< uids mean what they mean to the kernel
};

/// Whether to ask, by `access.peer_check`.
struct peer_choice {
    bool on = false;
    bool must = false; ///< asked for: not to be given up when the kernel does not answer
    std::string why;   ///< for the log: `in a container`
};

/// `auto` asks for a login user's relay: uid 0, or 1000 and above but for the range that systemd
/// gives services and containers ("Users, Groups, UIDs and GIDs on systemd Systems"). Inside a
/// container or a user namespace other users have no meaning, and a service is meant for others:
/// there, socket modes or a key decide. `allow_uid` and `allow_group` are a wish to be asked.
peer_choice choose_peer_check(config const& settings, peer_surroundings const& here);

} // namespace vertex_relay::core
