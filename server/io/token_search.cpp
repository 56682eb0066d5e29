#include "io/token_search.hpp"

#include "io/file_read.hpp"
#include "io/token_call.hpp"

#include "core/ascii.hpp"
#include "core/google/grant.hpp"
#include "core/google/impersonation.hpp"
#include "core/google/token_answer.hpp"

#include <fmt/format.h>

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace vertex_relay::io {

namespace {

using namespace core::google;

constexpr std::size_t account_length_max = 320;

bool is_googles(token_response const& answer) {
    return answer.status == 200 && answer.header("Metadata-Flavor") == "Google";
}

std::string trimmed_body(token_response const& answer) {
    auto text = answer.body.reveal();
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
        text.remove_suffix(1);
    }
    return std::string(core::ascii::trim(text));
}

task<probe_outcome> probe(fiber& sleeper, connector& connects, metadata_server server) {
    auto call = metadata_call(server, metadata_probe_path);
    auto answer = co_await run_token_call(sleeper, connects, call);
    if (answer) {
        co_return is_googles(*answer) ? probe_outcome::google : probe_outcome::other;
    }
    auto fault = answer.error().fault;
    bool spoke = fault == call_fault::malformed || fault == call_fault::cut_off;
    co_return spoke ? probe_outcome::other : probe_outcome::unreachable;
}

token_error not_ready(credential const& from, int status) {
    return transient_error(credentials_unavailable(
        fmt::format("The metadata server answered {} when asked for the universe; it is asked "
                    "again. Credentials: {}.",
                    status, describe(from))));
}

/// Sets the universe; a server that refuses the question (404: an old one) means Google's own.
std::optional<token_error> read_universe(credential& of, token_response const& answer) {
    bool refused = answer.status >= 400 && answer.status < 500 && answer.status != 408 &&
                   answer.status != 429;
    auto domain = is_googles(answer) ? trimmed_body(answer) : std::string();
    if (refused || (is_googles(answer) && domain.empty())) {
        return std::nullopt;
    }
    if (!is_domain(domain)) {
        return not_ready(of, answer.status);
    }
    of.universe_domain = domain;
    return std::nullopt;
}

bool is_account(std::string_view text) {
    auto visible = [](char c) { return c > ' ' && c < '\x7f'; };
    return text.size() <= account_length_max && text.contains('@') &&
           std::ranges::all_of(text, visible);
}

/// Asks the metadata server whose it is; a failure passes, the server is not ready yet.
task<std::optional<token_error>> complete(fiber& sleeper, connector& connects, credential& found) {
    auto const* server = std::get_if<metadata_server>(&found.source);
    if (server == nullptr) {
        co_return std::nullopt;
    }
    auto call = metadata_call(*server, metadata_universe_path);
    auto universe = co_await run_token_call(sleeper, connects, call);
    if (!universe) {
        co_return explain_call_fault(found, universe.error(),
                                     "The metadata server " + server->host);
    }
    auto error = read_universe(found, *universe);
    if (error) {
        co_return error;
    }
    call = metadata_call(*server, metadata_email_path);
    auto email = co_await run_token_call(sleeper, connects, call);
    if (email && is_googles(*email)) {
        auto account = trimmed_body(*email);
        found.account = is_account(account) ? account : std::string(); // for messages only
    }
    co_return std::nullopt;
}

} // namespace

discovery_settings discovery_settings_of(core::config const& settings) {
    discovery_settings out{
        .credentials = settings.google.credentials,
        .impersonate = settings.google.impersonate_service_account,
        .rules = {.universe_domain = settings.google.universe_domain,
                  .allow_any_token_host = settings.google.allow_any_token_host,
                  .service_accounts = parse_account_mode(settings.google.service_account_mode)},
    };
    auto name = read_credential_file("/sys/class/dmi/id/product_name", {});
    auto text = name.text.reveal();
    out.product_name = core::ascii::trim(text.substr(0, text.find('\n')));
    return out;
}

environment process_environment() {
    environment::variables values;
    for (auto** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        std::string_view text = *entry;
        auto equals = text.find('=');
        if (equals != std::string_view::npos) {
            values.emplace(text.substr(0, equals), text.substr(equals + 1));
        }
    }
    if (values["HOME"].empty()) {
        passwd entry{};
        passwd* found = nullptr;
        std::array<char, 16 * 1024> space{};
        ::getpwuid_r(::geteuid(), &entry, space.data(), space.size(), &found);
        values["HOME"] = found != nullptr && found->pw_dir != nullptr ? found->pw_dir : "";
    }
    return environment(std::move(values));
}

bool take_file_step(credential_search& search) {
    auto action = search.places.next();
    auto const* wanted = std::get_if<core::google::read_file>(&action);
    if (wanted != nullptr) {
        search.files.note(wanted->path);
        search.places.file_read(read_credential_file(wanted->path, wanted->sibling));
    }
    return wanted != nullptr;
}

bool take_file_step(project_search& search) {
    auto action = search.next();
    auto const* wanted = std::get_if<core::google::read_file>(&action);
    if (wanted != nullptr) {
        search.file_read(read_credential_file(wanted->path, wanted->sibling));
    }
    return wanted != nullptr;
}

task<> search_places(fiber& sleeper, connector& connects, credential_search& search) {
    while (true) {
        if (take_file_step(search)) {
            continue;
        }
        auto action = search.places.next();
        auto const* wanted = std::get_if<probe_metadata>(&action);
        if (wanted == nullptr) {
            co_return;
        }
        auto outcome = co_await probe(sleeper, connects, wanted->server);
        search.places.probed(outcome);
    }
}

task<std::expected<credential, token_error>>
find_credential(fiber& sleeper, connector& connects, credential_search& search) {
    using outcome = std::expected<credential, token_error>;
    co_await search_places(sleeper, connects, search);
    auto found = search.places.take();
    if (!found) {
        co_return found;
    }
    auto error = co_await complete(sleeper, connects, *found);
    if (error) {
        co_return outcome(std::unexpect, std::move(*error));
    }
    auto const& configured = search.settings.rules.universe_domain;
    auto universe = settle_universe(configured, search.variables, *found);
    if (!universe) {
        co_return outcome(std::unexpect, std::move(universe.error()));
    }
    impersonate(*found, search.settings.impersonate);
    co_return found;
}

task<> search_project(fiber& sleeper, connector& connects, project_search& search) {
    while (true) {
        if (take_file_step(search)) {
            continue;
        }
        auto action = search.next();
        auto const* wanted = std::get_if<ask_metadata>(&action);
        if (wanted == nullptr) {
            co_return;
        }
        auto call = metadata_call(wanted->server, metadata_project_path);
        auto answer = co_await run_token_call(sleeper, connects, call);
        std::optional<std::string> text;
        if (answer && is_googles(*answer)) {
            text = trimmed_body(*answer);
        }
        search.metadata_said(std::move(text));
    }
}

} // namespace vertex_relay::io
