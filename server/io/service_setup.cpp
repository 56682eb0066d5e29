#include "io/service_setup.hpp"

#include "core/ascii.hpp"
#include "io/named_files.hpp"
#include "io/peer_check.hpp"
#include "io/peer_surroundings.hpp"
#include "io/today.hpp"
#include "io/user_group.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace vertex_relay::io {

namespace {

constexpr std::uint32_t overflow_uid = 65'534; ///< user_namespaces(7)

/// Own user, root, and whom the configuration lists.
core::peer_rules list_peers(core::config const& settings, core::peer_surroundings const& here) {
    core::peer_rules rules{.on = true, .uids = {0, here.uid}};
    for (auto const& uid : settings.access.allow_uid) {
        rules.uids.push_back(core::ascii::parse_decimal<std::uint32_t>(uid).value_or(0));
    }
    for (auto const& name : settings.access.allow_group) {
        auto group = find_group(name);
        if (!group) {
            throw configuration_error(fmt::format("access.allow_group: {}", group.error()));
        }
        rules.groups.push_back(group->gid);
        rules.uids.insert(rules.uids.end(), group->members.begin(), group->members.end());
    }
    std::ranges::sort(rules.uids);
    auto repeated = std::ranges::unique(rules.uids);
    rules.uids.erase(repeated.begin(), repeated.end());
    if (!here.initial_namespace) {
        std::erase(rules.uids, overflow_uid); // stands for every user without a number in here
    }
    return rules;
}

core::peer_rules make_peer_rules(core::config const& settings, log const& logs) {
    auto here = look_around();
    auto choice = core::choose_peer_check(settings, here);
    if (choice.on) {
        auto proven = peer_check().prove();
        if (!proven && choice.must) {
            throw std::runtime_error(
                fmt::format("access.peer_check cannot be done ({}): {}. Start with "
                            "--access-peer-check off to let every user of this machine in.",
                            choice.why, proven.error()));
        }
        choice.why = proven ? choice.why : proven.error();
        choice.on = proven.has_value();
    }
    auto rules = choice.on ? list_peers(settings, here) : core::peer_rules();
    logs.info(fmt::format("users who connect are {}: {}", choice.on ? "checked" : "not checked",
                          choice.why));
    return rules;
}

core::repair_set enabled_repairs(core::config const& settings) {
    auto enabled = core::repair_set::all();
    for (auto const& name : settings.repairs.disable) {
        if (auto one = core::find_repair(name)) {
            enabled.remove(*one);
        }
    }
    return enabled;
}

core::edge_rules make_edge(core::config const& settings, log const& logs) {
    core::edge_rules rules;
    rules.peers = make_peer_rules(settings, logs);
    rules.allow_host = settings.access.allow_host;
    rules.allow_origin = settings.access.allow_origin;
    rules.api_key = read_key(settings.access.api_key_file);
    rules.lenient_content_type = settings.access.lenient_content_type;
    rules.body_bytes = settings.limits.body_bytes;
    for (auto const& wanted : listen_plan(settings)) {
        bool any = wanted.address.host == "0.0.0.0" || wanted.address.host == "::";
        if (!wanted.address.is_unix() && !wanted.admin && !any) {
            rules.bound_hosts.push_back(wanted.address.host);
        }
    }
    return rules;
}

} // namespace

std::vector<planned_listener> listen_plan(core::config const& settings) {
    std::vector<planned_listener> plan;
    auto add = [&](std::string_view text, bool optional, bool admin) {
        if (auto address = core::parse_listen_address(text)) {
            plan.push_back({*address, optional, admin, admin ? "--admin-listen" : "--listen"});
        }
    };
    if (settings.listen.empty()) {
        add("127.0.0.1:8642", true, false);
        add("[::1]:8642", true, false);
    }
    for (auto const& text : settings.listen) {
        add(text, false, false);
    }
    if (!settings.admin.listen.empty()) {
        add(settings.admin.listen, false, true);
    }
    return plan;
}

std::string universe_of(core::config const& settings,
                        core::google::environment const& variables) {
    auto const& configured = settings.google.universe_domain;
    if (!configured.empty()) {
        return configured;
    }
    auto variable = variables.get("GOOGLE_CLOUD_UNIVERSE_DOMAIN");
    return variable.empty() ? "googleapis.com" : std::string(variable);
}

service make_service(core::config const& settings, core::deployment where, shared_parts parts) {
    auto edge = make_edge(settings, parts.logs);
    auto admin = edge;
    if (!settings.admin.listen.empty()) {
        edge.scope = core::edge_scope::api;
        admin.scope = core::edge_scope::probes;
        admin.any_host = true;
        admin.peers = {}; // whoever probes is somebody else, and may be on another machine
        admin.api_key = nullptr; // nor should it know the key that lets clients in
    }
    return service{.settings = settings,
                   .edge = std::move(edge),
                   .admin_edge = std::move(admin),
                   .routes = core::route_table(settings, where,
                                               read_catalogue(settings.catalogue_file), today()),
                   .prices = read_prices(settings.prices_file),
                   .quota_project = settings.google.quota_project,
                   .where = std::move(where),
                   .repairs = enabled_repairs(settings),
                   .egress = std::move(parts.egress),
                   .tokens = std::move(parts.tokens),
                   .signatures = parts.signatures,
                   .logs = parts.logs,
                   .load = parts.load};
}

} // namespace vertex_relay::io
