#include "io/next_service.hpp"

#include "core/config/changes.hpp"
#include "core/config/consistency.hpp"
#include "io/find_project.hpp"
#include "io/service_setup.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vertex_relay::io {

namespace {

/// What a running relay keeps may not fit what is new: an address that others reach, without a key.
std::expected<void, std::string> check_together(core::config const& settings) {
    auto conflicts = core::check_consistency({settings, {}});
    if (conflicts.empty()) {
        return {};
    }
    auto const& first = conflicts.front();
    return std::unexpected(fmt::format("{}: {}; until the next start the addresses stay as they "
                                       "are",
                                       first.key, first.message));
}

std::expected<core::deployment, std::string>
find_deployment(core::config const& settings, core::google::environment const& variables) {
    auto project = find_project(settings, variables);
    if (project.value.empty()) {
        return std::unexpected("no Google Cloud project is known any more");
    }
    auto location = core::google::find_location(settings.google.location, variables);
    return core::deployment{project.value, location.value, universe_of(settings, variables)};
}

std::expected<std::shared_ptr<egress_settings>, std::string>
find_egress(core::config const& settings, reload_request const& wanted) {
    auto const& now = *wanted.now;
    auto const& authorities = settings.upstream.ca_file;
    if (authorities == now.settings.upstream.ca_file && !now.egress->tls.outdated()) {
        return now.egress;
    }
    auto proxies = core::proxy_rules::from(wanted.variables);
    if (!proxies) {
        return std::unexpected(proxies.error());
    }
    auto fresh = std::make_shared<egress_settings>(authorities, std::move(*proxies));
    auto loaded = fresh->tls.wait();
    if (!loaded) {
        return std::unexpected(loaded.error());
    }
    return fresh;
}

std::expected<next_service, std::string> make_next(core::config settings,
                                                   reload_request const& wanted) {
    auto const& now = *wanted.now;
    next_service out;
    out.waiting = core::keep_fixed(now.settings, settings);
    out.changed = core::changed_keys(now.settings, settings);
    auto fits = check_together(settings);
    if (!fits) {
        return std::unexpected(fits.error());
    }
    auto where = find_deployment(settings, wanted.variables);
    if (!where) {
        return std::unexpected(where.error());
    }
    if (where->project != now.where.project && settings.google.project.empty()) {
        out.changed.emplace_back("the project found, " + where->project);
    }
    auto egress = find_egress(settings, wanted);
    if (!egress) {
        return std::unexpected(egress.error());
    }
    out.made = std::make_unique<service>(make_service(
        settings, std::move(*where), {*egress, now.tokens, now.signatures, now.logs, now.load}));
    return out;
}

std::expected<next_service, std::string> read_and_make(reload_request const& wanted,
                                                       reading& out) {
    auto settings = wanted.read([&out](std::string const& path) { out.files.note(path); });
    if (!settings) {
        return std::unexpected(std::move(settings.error()));
    }
    note_named_files(*settings, out.files);
    auto const& credentials = settings->google.credentials;
    if (credentials.starts_with('/') && credentials != wanted.now->settings.google.credentials) {
        out.files.note(credentials); // it may come after the setting that names it
    }
    return make_next(std::move(*settings), wanted);
}

} // namespace

void note_named_files(core::config const& settings, watched_files& files) {
    for (auto const& path : {settings.access.api_key_file, settings.catalogue_file,
                             settings.prices_file}) {
        if (!path.empty()) {
            files.note(path);
        }
    }
    for (auto const& path : trusted_files(settings.upstream.ca_file)) {
        files.note(path);
    }
}

reading read_next(reload_request const& wanted) {
    reading out;
    try {
        out.outcome = read_and_make(wanted, out);
    } catch (std::exception const& error) {
        out.outcome = std::unexpected(std::string(error.what()));
    }
    return out;
}

} // namespace vertex_relay::io
