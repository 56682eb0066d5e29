#include "io/server.hpp"

#include "core/google/surroundings.hpp"
#include "io/asio.hpp"
#include "io/find_project.hpp"
#include "io/listener.hpp"
#include "io/process.hpp"
#include "io/service_setup.hpp"
#include "io/token_search.hpp"
#include "io/token_source.hpp"
#include "io/worker.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <thread>

namespace vertex_relay::io {

namespace {

constexpr auto abandon_time = std::chrono::seconds(2);

/// A worker on a thread of its own.
struct worker_thread {
    explicit worker_thread(service const& shared)
        : inside(shared), thread([this] { inside.loop.run(); }) {}
    ~worker_thread() {
        inside.loop.stop();
        thread.join();
    }
    worker inside;
    std::thread thread;
};

token_settings token_settings_for(server_options const& options, log const& logs) {
    token_settings out;
    out.discovery = discovery_settings_of(options.settings);
    out.environment = options.variables;
    out.log = [&logs](token_event what, std::string const& line) {
        what == token_event::failed ? logs.warn(line) : logs.info(line);
    };
    return out;
}

class server {
public:
    server(server_options const& options, log const& logs, core::deployment where,
           core::proxy_rules through)
        : settings_(options.settings), logs_(logs),
          egress_(settings_.upstream.ca_file, std::move(through)),
          names_(control_, settings_.upstream.resolve),
          connects_(control_, buffers_, names_, egress_),
          tokens_(control_, connects_, token_settings_for(options, logs)),
          signatures_(settings_.signatures.file),
          service_(make_service(settings_, std::move(where),
                                {egress_, signatures_, tokens_, logs_, load_})),
          signals_(control_.context(), SIGTERM, SIGINT, SIGHUP), supervisor_(control_) {}

    /// False: an address cannot be had; the log says which.
    bool listen();
    int run();

private:
    bool open_listener(core::listen_address const& address, bool optional,
                       core::edge_rules const& rules, std::string_view setting);
    void hand_over(int client, core::edge_rules const& rules);
    void wait_for_signal();
    void on_signal(int number);
    task<void> supervise();
    void drain_workers();

    core::config const& settings_;
    log const& logs_;
    gauges load_;
    event_loop control_;
    wire_buffers buffers_;
    egress_settings egress_;
    resolver names_;
    connector connects_;
    token_source tokens_;
    signature_store signatures_;
    service service_;
    net::signal_set signals_;
    std::vector<std::unique_ptr<listener>> listeners_;
    std::vector<std::unique_ptr<worker_thread>> workers_;
    std::size_t next_worker_ = 0;
    std::size_t busy_workers_ = 0;
    int stop_signals_ = 0;
    fiber supervisor_;
};

bool server::listen() {
    for (auto const& wanted : listen_plan(settings_)) {
        auto const& rules = wanted.admin ? service_.admin_edge : service_.edge;
        if (!open_listener(wanted.address, wanted.optional, rules, wanted.setting)) {
            return false;
        }
    }
    if (listeners_.empty()) {
        logs_.error("no address to listen on: this host has neither 127.0.0.1 nor ::1");
    }
    return !listeners_.empty();
}

bool server::open_listener(core::listen_address const& address, bool optional,
                           core::edge_rules const& rules, std::string_view setting) {
    auto opened = std::make_unique<listener>(
        control_, [this, &rules](int client) { hand_over(client, rules); });
    auto mode = static_cast<unsigned>(std::stoul(settings_.listen_mode, nullptr, 8));
    auto result = opened->open(address, mode);
    if (result) {
        listeners_.push_back(std::move(opened));
        return true;
    }
    auto shown = address.is_unix() ? "unix:" + address.path
                                   : fmt::format("{}:{}", address.host, address.port);
    if (optional && result.error() == EADDRNOTAVAIL) {
        logs_.info(fmt::format("not listening on {}: this host lacks the address", shown));
        return true;
    }
    logs_.error(fmt::format("cannot listen on {}: {}. Choose another address with {}.", shown,
                            std::strerror(result.error()), setting));
    return false;
}

void server::hand_over(int client, core::edge_rules const& rules) {
    auto& chosen = workers_[next_worker_++ % workers_.size()]->inside;
    chosen.loop.post([&chosen, client, &rules] { chosen.adopt(client, rules); });
}

int server::run() {
    for (std::size_t i = 0; i < settings_.workers; ++i) {
        workers_.push_back(std::make_unique<worker_thread>(service_));
    }
    tokens_.start();
    wait_for_signal();
    supervisor_.start(supervise(), [](std::exception_ptr) {});
    for (auto const& one : listeners_) {
        std::printf("listening %s\n", one->name().c_str());
    }
    std::fflush(stdout);
    control_.run();
    workers_.clear();
    return 0;
}

void server::wait_for_signal() {
    signals_.async_wait([this](boost::system::error_code error, int number) {
        if (!error) {
            on_signal(number);
            wait_for_signal();
        }
    });
}

void server::on_signal(int number) {
    if (number == SIGHUP) {
        logs_.info("SIGHUP: looking for credentials again");
        tokens_.reload();
        return;
    }
    ++stop_signals_;
    supervisor_.wake();
}

void server::drain_workers() {
    busy_workers_ = workers_.size();
    for (auto const& one : workers_) {
        auto& inside = one->inside;
        inside.loop.post([this, &inside] {
            inside.drain([this] {
                control_.post([this] {
                    --busy_workers_;
                    supervisor_.wake();
                });
            });
        });
    }
}

/// Waits for the first signal, then ends what runs: politely until the drain time is over or a
/// second signal comes, at once after that.
task<void> server::supervise() {
    while (stop_signals_ == 0) {
        co_await supervisor_.sleep();
    }
    load_.draining.store(true);
    listeners_.clear();
    logs_.info("stopping: no new requests, waiting for those under way");
    drain_workers();
    supervisor_.expires_after(settings_.timeouts.drain_ms);
    while (busy_workers_ > 0 && stop_signals_ < 2 && supervisor_.stopped() == cause::none) {
        co_await supervisor_.sleep();
    }
    for (auto const& one : workers_) {
        auto& inside = one->inside;
        inside.loop.post([&inside] { inside.abandon(); });
    }
    supervisor_.expires_after(abandon_time);
    while (busy_workers_ > 0 && supervisor_.stopped() == cause::none) {
        co_await supervisor_.sleep();
    }
    tokens_.stop([this] { supervisor_.wake(); });
    while (!tokens_.ended() && supervisor_.stopped() == cause::none) {
        co_await supervisor_.sleep();
    }
    control_.stop();
}

constexpr auto no_project = R"(No Google Cloud project is known. Give one of:
  vertex-relay serve --project my-project
  export GOOGLE_CLOUD_PROJECT=my-project
  gcloud config set project my-project
  [google] project = "my-project"   in /etc/vertex-relay/config.toml
Or try it without an account: vertex-relay demo
)";

} // namespace

int serve(server_options options) {
    prepare_process();
    log logs(options.settings);
    auto through = core::proxy_rules::from(options.variables);
    if (!through) {
        fmt::print(stderr, "vertex-relay: {}\n", through.error());
        return 2;
    }
    auto project = find_project(options.settings, options.variables);
    if (project.value.empty()) {
        std::fputs(no_project, stderr);
        return 2;
    }
    auto location = core::google::find_location(options.settings.google.location,
                                                options.variables);
    core::deployment where{project.value, location.value, universe_of(options)};
    logs.info(fmt::format("vertex-relay " RELAY_VERSION ": project {} ({}), location {} ({})",
                          project.value, project.origin, location.value, location.origin));
    if (auto line = through->text(); !line.empty()) {
        logs.info(line);
    }
    auto running =
        std::make_unique<server>(options, logs, std::move(where), std::move(*through));
    return running->listen() ? running->run() : 1;
}

} // namespace vertex_relay::io
