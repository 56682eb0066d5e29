// Arguments, then one of the commands, then the exit code: 0 fine, 1 failed, 2 wrong usage or
// configuration.

#include "cli.hpp"
#include "core/config/check_config.hpp"
#include "core/openai/model_list.hpp"
#include "core/vertex/route_table.hpp"
#include "io/health.hpp"
#include "io/named_files.hpp"
#include "io/print_token.hpp"
#include "io/server.hpp"
#include "io/tls_memory.hpp"
#include "io/today.hpp"
#include "io/token_search.hpp"
#include "simulator/simulator.hpp"

#include <chrono>
#include <cstdio>
#include <exception>

namespace vertex_relay {

namespace {

int serve(invocation call) {
    io::check_named_files(call.loaded.config);
    return io::serve({std::move(call.loaded.config), io::process_environment(), {}});
}

/// `serve` against a simulator of our own: no account, no network.
int demo(invocation call) {
    auto& settings = call.loaded.config;
    simulator::options wanted;
    wanted.quiet = true;
    if (settings.google.project.empty()) {
        settings.google.project = wanted.project;
    }
    wanted.project = settings.google.project;
    auto started = simulator::instance::start(wanted);
    if (!started) {
        std::fprintf(stderr, "vertex-relay: %s\n", started.error().c_str());
        return 1;
    }
    settings.google.credentials = (*started)->credentials_file();
    settings.google.allow_any_token_host = true;
    settings.upstream.endpoint = "https://127.0.0.1:" + std::to_string((*started)->port());
    settings.upstream.ca_file = (*started)->ca_file();
    return io::serve({std::move(settings), core::google::environment(), {}});
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

int list_models(core::config const& settings) {
    core::route_table routes(settings, {}, io::read_catalogue(settings.catalogue_file));
    for (auto const& name : core::offered_names(routes, io::today())) {
        std::puts(name.c_str());
    }
    return 0;
}

int print_config(core::loaded_config const& loaded) {
    io::check_named_files(loaded.config);
    std::fputs(core::check_config(loaded).c_str(), stdout);
    return 0;
}

int run(invocation call) {
    for (auto const& notice : call.notices) {
        std::fprintf(stderr, "vertex-relay: %s\n", notice.c_str());
    }
    auto const& settings = call.loaded.config;
    switch (call.what) {
    case command::serve: return serve(std::move(call));
    case command::demo: return demo(std::move(call));
    case command::simulate: return simulate(call);
    case command::models: return list_models(settings);
    case command::health: return io::check_health(settings);
    case command::print_token:
        return io::print_token(settings, io::process_environment(), {call.json, call.explain});
    case command::check_config: return print_config(call.loaded);
    }
    return 2;
}

} // namespace

} // namespace vertex_relay

int main(int argc, char** argv) {
    using namespace vertex_relay;
    io::keep_record_buffers();
    try {
        auto call = parse_command_line(argc, argv, process_environment(), read_text_file);
        if (!call) {
            std::fputs(call.error().out.c_str(), stdout);
            std::fputs(call.error().err.c_str(), stderr);
            return call.error().exit_code;
        }
        return run(std::move(*call));
    } catch (io::configuration_error const& error) {
        std::fprintf(stderr, "vertex-relay: %s\n", error.what());
        return 2;
    } catch (std::exception const& error) {
        std::fprintf(stderr, "vertex-relay: %s\n", error.what());
        return 1;
    }
}
