// Arguments, then one of the commands, then the exit code: 0 fine, 1 failed, 2 wrong usage or
// configuration.

#include "cli_completion.hpp"
#include "cli_manual.hpp"
#include "cli_reload.hpp"
#include "core/config/check_config.hpp"
#include "core/config/consistency.hpp"
#include "core/google/surroundings.hpp"
#include "core/openai/model_list.hpp"
#include "core/openai/tool_variables.hpp"
#include "core/vertex/route_table.hpp"
#include "io/conformance.hpp"
#include "io/doctor.hpp"
#include "io/health.hpp"
#include "io/named_files.hpp"
#include "io/print_token.hpp"
#include "io/process.hpp"
#include "io/server.hpp"
#include "io/tail.hpp"
#include "io/tls_memory.hpp"
#include "io/today.hpp"
#include "io/token_search.hpp"
#include "simulator/simulator.hpp"

#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>

namespace vertex_relay {

namespace {

using adjustment = std::function<void(core::config&)>;

/// A passed socket may not fit the settings: an address that others reach, without a key.
void check_together(core::config const& settings) {
    auto conflicts = core::check_consistency({settings, {}});
    if (!conflicts.empty()) {
        throw io::configuration_error(conflicts.front().key + ": " + conflicts.front().message);
    }
}

/// What a relay finds around it.
struct surroundings {
    io::systemd_parts systemd;
    core::google::environment variables;
    bool simulated = false;
};

/// Runs the relay with the settings that `command` and the sockets of systemd make of those read,
/// now and at each reload.
int run_relay(started_command started, surroundings around, adjustment command) {
    auto adjust = [command = std::move(command),
                   passed = around.systemd.addresses()](core::config& settings) {
        command(settings);
        core::listen_on_passed(settings, passed);
    };
    auto again = reader_of(started, adjust);
    auto& settings = started.call.loaded.config;
    adjust(settings);
    check_together(settings);
    return io::serve({.settings = std::move(settings),
                      .variables = std::move(around.variables),
                      .files = std::move(started.files),
                      .read_again = std::move(again),
                      .systemd = std::move(around.systemd),
                      .simulated = around.simulated});
}

int serve(started_command started) {
    io::check_named_files(started.call.loaded.config);
    surroundings around{.systemd = io::take_systemd_parts(), .variables = {}};
    around.variables = io::process_environment(); // without what was systemd's
    return run_relay(std::move(started), std::move(around), [](core::config&) {});
}

/// `serve` against a simulator of our own: no account, no network.
int demo(started_command started) {
    auto systemd = io::take_systemd_parts(); // before there are threads
    simulator::options wanted;
    wanted.quiet = true;
    auto const& own_project = started.call.loaded.config.google.project;
    wanted.project = own_project.empty() ? wanted.project : own_project;
    auto vertex = simulator::instance::start(wanted);
    if (!vertex) {
        std::fprintf(stderr, "vertex-relay: %s\n", vertex.error().c_str());
        return 1;
    }
    auto adjust = [&one = **vertex, project = wanted.project](core::config& settings) {
        settings.google.project = project;
        settings.google.credentials = one.credentials_file();
        settings.google.allow_any_token_host = true;
        settings.upstream.endpoint = "https://127.0.0.1:" + std::to_string(one.port());
        settings.upstream.ca_file = one.ca_file();
    };
    return run_relay(std::move(started), {std::move(systemd), {}, true}, adjust);
}

int simulate(invocation const& call) {
    if (call.simulate.list_faults) {
        std::fputs(simulator::list_faults().c_str(), stdout);
        return 0;
    }
    simulator::options wanted;
    wanted.port = call.simulate.port;
    wanted.metadata_port = call.simulate.metadata_port;
    wanted.dir = call.simulate.dir;
    wanted.script = call.simulate.script;
    wanted.replay = call.simulate.replay;
    if (!call.simulate.project.empty()) {
        wanted.project = call.simulate.project;
    }
    if (call.simulate.token_seconds > 0) {
        wanted.token_lifetime = std::chrono::seconds(call.simulate.token_seconds);
    }
    if (call.simulate.trace) {
        wanted.on_event = [](std::string_view what) {
            std::printf("%.*s\n", static_cast<int>(what.size()), what.data());
            std::fflush(stdout);
        };
    }
    return simulator::run(wanted);
}

int print(std::string const& text) {
    std::fputs(text.c_str(), stdout);
    return 0;
}

int list_models(core::config const& settings) {
    auto location =
        core::google::find_location(settings.google.location, io::process_environment());
    core::route_table routes(settings, {.location = location.value},
                             io::read_catalogue(settings.catalogue_file));
    for (auto const& name : core::offered_names(routes, io::today())) {
        std::puts(name.c_str());
    }
    return 0;
}

int print_config(core::loaded_config const& loaded) {
    io::check_named_files(loaded.config);
    return print(core::check_config(loaded));
}

int examine(invocation const& call) {
    return io::doctor(call.loaded, io::process_environment(),
                      {.config_files = call.config_files,
                       .faults = call.faults,
                       .json = call.json,
                       .requests = call.requests});
}

int print_variables(invocation const& call) {
    auto shell = call.shell == "fish"   ? core::shell::fish
                 : call.shell == "tcsh" ? core::shell::csh
                                        : core::shell::posix;
    auto settings = call.loaded.config;
    if (auto& key = settings.access.api_key_file; !key.empty() && !call.unset) {
        io::read_key(key);                    // an empty key would be refused later
        key = std::filesystem::absolute(key); // tools are started elsewhere
    }
    auto text = call.unset ? core::unset_tool_variables(shell)
                           : core::set_tool_variables(settings, shell);
    if (!text) {
        std::fprintf(stderr, "vertex-relay: %s\n", text.error().c_str());
        return 1;
    }
    return print(*text);
}

bool serves(invocation const& call) {
    return call.what == command::serve || call.what == command::demo ||
           (call.what == command::simulate && !call.simulate.list_faults);
}

/// What was printed must have arrived, or a command whose product that is has failed.
int after_output(int exit_code) {
    bool whole = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
    if (whole) {
        return exit_code;
    }
    std::fputs("vertex-relay: the output could not be written (is the disk full?)\n", stderr);
    return exit_code == 0 ? 1 : exit_code;
}

int run(started_command started) {
    auto const& call = started.call;
    for (auto const& notice : call.notices) {
        std::fprintf(stderr, "vertex-relay: %s\n", notice.c_str());
    }
    auto const& settings = call.loaded.config;
    switch (call.what) {
    case command::serve: return serve(std::move(started));
    case command::demo: return demo(std::move(started));
    case command::simulate: return simulate(call);
    case command::doctor: return examine(call);
    case command::env: return print_variables(call);
    case command::models: return list_models(settings);
    case command::tail: return io::tail(settings, call.json);
    case command::health: return io::check_health(settings);
    case command::print_token:
        return io::print_token(settings, io::process_environment(), {call.json, call.explain});
    case command::check_config: return print_config(call.loaded);
    case command::conformance:
        return io::run_conformance(settings, io::process_environment(), call.conformance);
    case command::completion: return print(completion_script(call.shell));
    case command::man: return print(manual_page());
    }
    return 2;
}

} // namespace

} // namespace vertex_relay

int main(int argc, char** argv) {
    using namespace vertex_relay;
    io::fill_standard_descriptors();
    io::keep_record_buffers();
    try {
        auto started = read_command_line({argc, argv});
        if (!started) {
            std::fputs(started.error().out.c_str(), stdout);
            std::fputs(started.error().err.c_str(), stderr);
            return after_output(started.error().exit_code);
        }
        bool server = serves(started->call);
        auto exit_code = run(std::move(*started));
        return server ? exit_code : after_output(exit_code);
    } catch (io::configuration_error const& error) {
        std::fprintf(stderr, "vertex-relay: %s\n", error.what());
        return 2;
    } catch (std::exception const& error) {
        std::fprintf(stderr, "vertex-relay: %s\n", error.what());
        return 1;
    }
}
