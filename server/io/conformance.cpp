#include "io/conformance.hpp"

#include "core/google/surroundings.hpp"
#include "io/conformance_run.hpp"
#include "io/find_project.hpp"
#include "io/process.hpp"
#include "io/service_setup.hpp"
#include "io/token_office.hpp"
#include "io/token_search.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <cstdio>
#include <iostream>

namespace vertex_relay::io {

namespace {

using namespace core::conformance;

void complain(std::string_view text) { fmt::print(stderr, "vertex-relay: {}\n", text); }

/// What a client of its own would have to know, or would spoil the count of calls, is turned off;
/// every repair is on.
void settle(core::config& settings, wishes const& wanted) {
    add_places(settings, wanted);
    settings.admin = {};
    settings.access = {};
    settings.access.peer_check = "off"; // nobody but this process can come
    settings.repairs = {};
    settings.signatures = {};
    settings.default_model.clear();
    settings.retry.max = 0;
    settings.workers = 1;
    settings.log.access = false;
    settings.log.level = "err";
}

/// False: no consent.
bool ask_consent(wishes const& wanted) {
    if (wanted.yes) {
        return true;
    }
    if (::isatty(STDIN_FILENO) == 0) {
        complain("nobody can be asked for consent here: add --yes to go on without a question");
        return false;
    }
    std::fputs("Go on? [y/N] ", stderr);
    std::string line;
    std::getline(std::cin, line);
    bool agreed = line == "y" || line == "Y" || line == "yes";
    if (!agreed) {
        complain("nothing was called");
    }
    return agreed;
}

/// A relay without listeners, its way to the token servers, and the run in front of it.
class rig {
public:
    rig(core::config const& settings, core::google::environment const& variables,
        core::deployment where, core::proxy_rules through)
        : logs_(settings), signatures_(std::string()) {
        token_settings tokens;
        tokens.discovery = discovery_settings_of(settings);
        tokens.environment = variables;
        auto way = std::make_shared<egress_settings>(settings.upstream.ca_file,
                                                     std::move(through));
        office_ = std::make_shared<token_office>(loop_, buffers_, settings, way,
                                                 std::move(tokens));
        shared_ = std::make_shared<service const>(
            make_service(settings, std::move(where),
                         {way, source_of(office_), signatures_, logs_, load_}));
    }

    int run(plan const& made, wishes const& wanted);

private:
    event_loop loop_;
    wire_buffers buffers_;
    log logs_;
    gauges load_;
    signature_store signatures_;
    std::shared_ptr<token_office> office_;
    std::shared_ptr<service const> shared_;
};

int rig::run(plan const& made, wishes const& wanted) {
    conformance_caller caller(loop_, buffers_, shared_);
    conformance_run running(caller, shared_, wanted);
    if (auto ready = running.prepare(); !ready) {
        complain(ready.error());
        return 2;
    }
    fiber director(loop_);
    std::exception_ptr escaped;
    loop_.post([&] {
        shared_->tokens->start();
        director.start(running.work(director, made), [&](std::exception_ptr error) {
            escaped = error;
            loop_.stop();
        });
    });
    loop_.run();
    if (escaped) {
        std::rethrow_exception(escaped);
    }
    auto text = wanted.json ? report_json(running.rows()) : closing_text(running.rows());
    std::fputs(text.c_str(), stdout);
    if (!running.trouble().empty()) {
        complain(running.trouble());
        return 1;
    }
    return exit_code_of(running.rows());
}

} // namespace

int run_conformance(core::config settings, core::google::environment const& variables,
                    wishes const& wanted) {
    if (wanted.list) {
        std::fputs(list_checks().c_str(), stdout);
        return 0;
    }
    auto made = make_plan(wanted, !endpoint_alias(settings).empty());
    if (!made) {
        complain(made.error());
        return 2;
    }
    auto through = core::proxy_rules::from(variables);
    if (!through) {
        complain(through.error());
        return 2;
    }
    auto project = find_project(settings, variables);
    if (project.value.empty()) {
        complain("no Google Cloud project is known: give one with --project my-project");
        return 2;
    }
    auto location = core::google::find_location(settings.google.location, variables);
    fmt::print(stderr, "{}\n", describe_cost(*made, project.value));
    if (!ask_consent(wanted)) {
        return 2;
    }
    prepare_process();
    settle(settings, wanted);
    core::deployment where{project.value, location.value, universe_of(settings, variables)};
    rig ready(settings, variables, std::move(where), std::move(*through));
    return ready.run(*made, wanted);
}

} // namespace vertex_relay::io
