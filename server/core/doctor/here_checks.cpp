#include "core/doctor/here_checks.hpp"

#include "core/config/settings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace vertex_relay::core::doctor {

namespace {

std::string text_of(listen_address const& address) {
    if (address.is_unix()) {
        return "unix:" + address.path;
    }
    bool v6 = address.host.contains(':');
    return fmt::format("{}{}{}:{}", v6 ? "[" : "", address.host, v6 ? "]" : "", address.port);
}

} // namespace

check configuration_check(loaded_config const& loaded, std::span<std::string const> files,
                          std::span<std::string const> faults) {
    if (!faults.empty()) {
        bool one = faults.size() == 1;
        check out{.name = "configuration",
                  .outcome = verdict::failed,
                  .found = one ? faults.front() : fmt::format("{} errors", faults.size()),
                  .remedy = "correct it where it says, then see: vertex-relay check-config"};
        if (!one) {
            out.steps = {faults.begin(), faults.end()};
        }
        out.steps.emplace_back("no relay starts with it; what follows leaves out what is wrong");
        return out;
    }
    auto from = files.empty() ? std::string("no file") : fmt::format("{}", fmt::join(files, ", "));
    std::size_t elsewhere = 0;
    std::set<std::string_view> names;
    for (auto const& [key, origin] : loaded.origins) {
        bool of_file = std::ranges::any_of(
            files, [&](std::string const& file) { return origin.starts_with(file + ":"); });
        if (!of_file) {
            ++elsewhere;
            names.insert(origin);
        }
    }
    auto more = names.empty() ? std::string()
                              : fmt::format("; {} settings from {}", elsewhere,
                                            fmt::join(names, ", "));
    return {.name = "configuration", .found = from + more};
}

check network_check(network_facts const& facts) {
    if (!facts.fault.empty()) {
        return {.name = "network",
                .outcome = verdict::failed,
                .found = facts.fault,
                .remedy = "set the variable to http://HOST:PORT, or unset it"};
    }
    auto way = facts.proxy.empty() ? std::string("direct, no proxy variable is set") : facts.proxy;
    check out{.name = "network", .found = way};
    if (!facts.ca_variable.empty()) {
        out.steps.push_back("SSL_CERT_FILE: " + facts.ca_variable +
                            " instead of the system's authorities");
    }
    if (!facts.ca_file.empty()) {
        out.steps.push_back("upstream.ca_file: " + facts.ca_file + " is trusted as well");
    }
    return out;
}

check listener_check(address_facts const& facts) {
    auto name = "listen " + text_of(facts.address);
    auto other_address = fmt::format("vertex-relay {} {}", facts.setting,
                                     facts.address.is_unix() ? "unix:/path" : "127.0.0.1:8643");
    auto fail = [&](std::string found) {
        return check{.name = name,
                     .outcome = verdict::failed,
                     .found = std::move(found),
                     .remedy = other_address};
    };
    switch (facts.use) {
    case address_use::free: return {.name = name, .found = "free"};
    case address_use::relay: return {.name = name, .found = "a running vertex-relay has it"};
    case address_use::other: return fail(explain_holder(facts.address, facts.use));
    case address_use::refused: return fail("not allowed: " + facts.reason);
    case address_use::missing: break;
    }
    return facts.optional ? check{.name = name,
                                  .outcome = verdict::skipped,
                                  .found = "this host lacks the address, which does no harm"}
                          : fail("this host lacks the address");
}

check client_check(client_facts const& facts) {
    check out{.name = "client of " + text_of(facts.address)};
    auto key = facts.key_file.empty() ? std::string("without a key")
                                      : "with the key in " + facts.key_file;
    if (facts.status == 200) {
        out.found = "served " + key;
        return out;
    }
    out.outcome = verdict::failed;
    if (facts.status == 0) {
        out.found = "the relay that runs does not answer";
    } else if (facts.status != 401) {
        out.found = fmt::format("refused {} with status {}; the relay's log says why", key,
                                facts.status);
    } else if (facts.key_file.empty()) {
        out.found = "the relay that runs requires a key, and this configuration has none to use";
        out.remedy = "name the key's file as that relay does: vertex-relay doctor "
                     "--access-api-key-file FILE";
    } else {
        out.found = fmt::format("the relay that runs has another key than {}", facts.key_file);
        out.remedy = "give both the same file; a SIGHUP makes the relay read it again";
    }
    return out;
}

std::string explain_holder(listen_address const& address, address_use use) {
    if (use == address_use::relay) {
        return "A vertex-relay is running there already: use that one, or stop it first.";
    }
    if (use != address_use::other) {
        return {};
    }
    auto look = address.is_unix() ? "ss -lxp src " + address.path
                                  : fmt::format("ss -ltnp 'sport = :{}'", address.port);
    return fmt::format("Another program holds it; `{}` shows which.", look);
}

} // namespace vertex_relay::core::doctor
