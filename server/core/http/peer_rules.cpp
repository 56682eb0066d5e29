#include "core/http/peer_rules.hpp"

#include "core/config/listen_address.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace vertex_relay::core {

namespace {

failure forbidden(std::string message) {
    return {.status = 403,
            .type = "permission_error",
            .code = "peer_not_allowed",
            .message = std::move(message),
            .retry = retry_advice::never};
}

bool is_login_user(std::uint32_t uid) {
    bool of_service = uid >= 61'184 && uid <= 65'534;
    return uid == 0 || (uid >= 1000 && !of_service);
}

bool listens_locally(config const& settings) {
    return settings.listen.empty() ||
           std::ranges::any_of(settings.listen, [](std::string const& text) {
               auto address = parse_listen_address(text);
               return address && address->is_loopback();
           });
}

} // namespace

std::optional<failure> check_peer(peer_rules const& rules, std::optional<peer> const& who) {
    if (!rules.on || !who) {
        return std::nullopt;
    }
    if (!who->uid) {
        return forbidden("The kernel does not tell which user made this connection, so it is "
                         "refused (access.peer_check).");
    }
    auto member = [&](std::uint32_t group) {
        return std::ranges::find(rules.groups, group) != rules.groups.end();
    };
    bool allowed = std::ranges::find(rules.uids, *who->uid) != rules.uids.end() ||
                   std::ranges::any_of(who->groups, member);
    if (allowed) {
        return std::nullopt;
    }
    return forbidden(fmt::format("uid {0} may not use this relay; these may: {1}. Start with "
                                 "--access-allow-uid {0} to let it, or with --access-peer-check "
                                 "off to let every user of this machine.",
                                 *who->uid, fmt::join(rules.uids, ", ")));
}

peer_choice choose_peer_check(config const& settings, peer_surroundings const& here) {
    auto const& access = settings.access;
    if (access.peer_check != "auto") {
        bool on = access.peer_check == "on";
        return {on, on, fmt::format("access.peer_check is {}", access.peer_check)};
    }
    if (!listens_locally(settings)) {
        return {.why = "no address of this machine alone"};
    }
    if (!access.allow_uid.empty() || !access.allow_group.empty()) {
        return {true, true, "users are listed by access.allow_uid or access.allow_group"};
    }
    if (here.container) {
        return {.why = "in a container"};
    }
    if (!here.initial_namespace) {
        return {.why = "in a user namespace"};
    }
    if (!is_login_user(here.uid)) {
        return {.why = fmt::format("uid {} is a service's", here.uid)};
    }
    return {.on = true, .why = fmt::format("uid {} is a login user's", here.uid)};
}

} // namespace vertex_relay::core
