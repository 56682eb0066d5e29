#include "io/doctor.hpp"

#include "core/doctor/google_checks.hpp"
#include "core/doctor/here_checks.hpp"
#include "core/doctor/model_checks.hpp"
#include "core/doctor/report.hpp"
#include "io/local_call.hpp"
#include "io/model_question.hpp"
#include "io/named_files.hpp"
#include "io/run_alone.hpp"
#include "io/service_setup.hpp"
#include "io/today.hpp"
#include "io/token_trial.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iterator>

namespace vertex_relay::io {

namespace {

using namespace core::doctor;
using core::google::environment;

constexpr auto patience = std::chrono::minutes(3); ///< a program that gives tokens may take two

/// What is looked at on the network, and what was seen.
struct examination {
    core::config const& settings;
    environment const& variables;
    bool requests;
    bool wrong; ///< settings were left out: what is asked might go where nobody meant it to

    token_trial trial;
    std::vector<model_outcome> outcomes;
    std::string not_asked = {}; ///< why no model was asked
    std::optional<core::google::seconds> clock_offset = {};
};

/// Why no model can be asked; empty if they can.
std::string hindrance(examination const& state) {
    auto const& trial = state.trial;
    if (!state.requests) {
        return "not asked, because of --no-requests";
    }
    if (state.wrong) {
        return "not asked while the configuration is wrong";
    }
    if (!trial.token || trial.project.value.empty()) {
        return trial.token ? "not asked without a project" : "not asked without a token";
    }
    auto mismatch = core::google::universe_mismatch(trial.grants.from->universe_domain,
                                                    universe_of(state.settings, state.variables));
    return mismatch ? mismatch->message : std::string();
}

core::route_table routes_of(examination const& state) {
    auto location = core::google::find_location(state.settings.google.location, state.variables);
    core::deployment where{state.trial.project.value, location.value,
                           universe_of(state.settings, state.variables)};
    return {state.settings, std::move(where), read_catalogue(state.settings.catalogue_file)};
}

task<> ask_models(fiber& sleeper, connector& connects, examination& state) {
    auto routes = routes_of(state);
    upstream_pool pool(connects, sleeper.loop(),
                       {.idle = std::chrono::minutes(1),
                        .idle_max = 8,
                        .connect = state.settings.upstream.connect_timeout_ms});
    endpoint_directory endpoints(pool, sleeper.loop());
    auto quota = state.trial.quota_project().value;
    questioner by{.pool = pool,
                  .endpoints = endpoints,
                  .from = *state.trial.grants.from,
                  .token = state.trial.token->value,
                  .quota_project = quota == "none" ? std::string() : quota,
                  .routes = routes};
    for (auto& question : models_to_ask(state.settings, routes, today())) {
        if (!question.where) {
            auto why = question.where.error();
            state.outcomes.push_back({std::move(question), std::unexpected(std::move(why))});
            continue;
        }
        auto reply = co_await ask_model(sleeper, by, *question.where);
        if (reply.clock_offset) {
            state.clock_offset = reply.clock_offset;
        }
        state.outcomes.push_back({std::move(question), std::move(reply.answer)});
    }
}

task<> examine(fiber& sleeper, connector& connects, examination& state) {
    co_await run_trial(sleeper, connects, state.trial);
    if (auto offset = state.trial.grants.clock.offset; offset.count() != 0) {
        state.clock_offset = offset;
    }
    state.not_asked = hindrance(state);
    if (state.not_asked.empty()) {
        co_await ask_models(sleeper, connects, state);
    }
}

check unsettled(std::string name) {
    return {.name = std::move(name),
            .outcome = verdict::skipped,
            .found = "not told while the configuration is wrong"};
}

std::vector<check> checks_of_google(examination const& state) {
    auto const& trial = state.trial;
    auto const* from = trial.grants.from ? &*trial.grants.from : nullptr;
    token_facts facts{.places = trial.search.places.steps(),
                      .calls = trial.grants.steps,
                      .from = from,
                      .doubt = from ? doubt_about(*from, trial.search.variables) : "",
                      .token = trial.token};
    std::vector<check> checks{
        credentials_check(facts),
        token_check(facts),
        clock_check(state.clock_offset),
        state.wrong ? unsettled("project") : project_check(trial.project),
        quota_project_check(trial.quota_project()),
        state.wrong ? unsettled("location")
                    : location_check(core::google::find_location(state.settings.google.location,
                                                                 state.variables))};
    auto account = from ? acting_account(*from) : std::string();
    auto more = model_checks(state.outcomes, account, state.not_asked);
    std::ranges::move(more, std::back_inserter(checks));
    return checks;
}

/// Whether the relay that runs lets a client in, as this configuration says how.
check checked_as_client(core::config const& settings, core::listen_address const& address) {
    auto const& file = settings.access.api_key_file;
    return client_check({.address = address,
                         .key_file = file,
                         .status = ask_as_client(address, read_key(file).get())});
}

std::vector<check> checks_of_listeners(core::config const& settings) {
    std::vector<check> checks;
    for (auto const& wanted : listen_plan(settings)) {
        address_facts facts{.address = wanted.address,
                            .setting = wanted.setting,
                            .optional = wanted.optional};
        look_at_address(facts);
        checks.push_back(listener_check(facts));
        if (facts.use == address_use::relay && !wanted.admin) {
            checks.push_back(checked_as_client(settings, wanted.address));
        }
    }
    return checks;
}

report_style style_for(bool json, environment const& variables) {
    bool colours = ::isatty(STDOUT_FILENO) == 1 && !variables.has("NO_COLOR");
    return json      ? report_style::json
           : colours ? report_style::coloured
                     : report_style::plain;
}

/// What is asked of Google, on the way that the variables say.
std::vector<check> examine_google(core::config const& settings, environment const& variables,
                                  doctor_options const& options, core::proxy_rules through) {
    examination state{.settings = settings,
                      .variables = variables,
                      .requests = options.requests,
                      .wrong = !options.faults.empty(),
                      .trial = token_trial(settings, variables)};
    auto begin = [&state](fiber& sleeper, connector& connects) {
        return examine(sleeper, connects, state);
    };
    run_alone(settings, std::move(through), patience, begin);
    return checks_of_google(state);
}

} // namespace

int doctor(core::loaded_config loaded, environment const& variables, doctor_options options) {
    auto& settings = loaded.config;
    std::ranges::move(leave_out_unusable(settings), std::back_inserter(options.faults));
    auto through = core::proxy_rules::from(variables);
    std::vector<check> checks{
        configuration_check(loaded, options.config_files, options.faults),
        network_check({.proxy = through ? through->text() : "",
                       .ca_file = settings.upstream.ca_file,
                       .ca_variable = std::string(variables.get("SSL_CERT_FILE")),
                       .fault = through ? "" : through.error()})};
    if (options.requests && !options.json) {
        std::puts("Models are asked with one request each, for at most one token of an answer; "
                  "--no-requests\nleaves that out.\n");
        std::fflush(stdout);
    }
    auto of_google = through ? examine_google(settings, variables, options, *std::move(through))
                             : std::vector{check{.name = "Google",
                                                .outcome = verdict::skipped,
                                                .found = "not asked: no relay starts with such a "
                                                         "proxy variable"}};
    std::ranges::move(of_google, std::back_inserter(checks));
    std::ranges::move(checks_of_listeners(settings), std::back_inserter(checks));
    std::fputs(report(checks, style_for(options.json, variables)).c_str(), stdout);
    return exit_code(checks);
}

} // namespace vertex_relay::io
