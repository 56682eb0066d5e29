#include "io/server.hpp"

#include "core/google/project_search.hpp"
#include "io/asio.hpp"
#include "io/find_project.hpp"
#include "io/listener.hpp"
#include "io/local_call.hpp"
#include "io/process.hpp"
#include "io/reloader.hpp"
#include "io/service_setup.hpp"
#include "io/watchdog.hpp"
#include "io/worker.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <thread>

namespace vertex_relay::io {

namespace {

constexpr auto abandon_time = std::chrono::seconds(2);

/// CLOCK_MONOTONIC, read now: systemd compares it with the moment of its signal.
std::chrono::microseconds clock_now() {
    return std::chrono::duration_cast<std::chrono::microseconds>(clock::now().time_since_epoch());
}

/// A worker on a thread of its own.
struct worker_thread {
    explicit worker_thread(std::shared_ptr<service const> shared)
        : inside(std::move(shared)), thread([this] { inside.loop.run(); }) {}
    ~worker_thread() {
        inside.loop.stop();
        thread.join();
    }
    worker inside;
    std::thread thread;
};

class server {
public:
    server(server_options options, log& logs, core::deployment where, core::proxy_rules through)
        : logs_(logs), signatures_(options.settings.signatures.file),
          reloads_({.control = control_,
                    .buffers = buffers_,
                    .logs = logs,
                    .load = load_,
                    .signatures = signatures_,
                    .read = std::move(options.read_again),
                    .variables = std::move(options.variables)},
                   options.settings,
                   {std::move(where), std::move(through), std::move(options.files)}),
          passed_(std::move(options.systemd.sockets)),
          systemd_(options.systemd.notify_socket, logs),
          watchdog_(control_, systemd_, options.systemd.watchdog),
          signals_(control_.context(), SIGTERM, SIGINT, SIGHUP), supervisor_(control_) {}

    /// False: an address cannot be had; the log says which.
    bool listen();
    int run();

private:
    core::config const& settings() const { return reloads_.current()->settings; }
    bool open_listener(planned_listener const& wanted);
    std::expected<void, int> open(listener& one, planned_listener const& wanted);
    void begin_work();
    void announce() const;
    void tell_reloaded(std::string const& fault) const;
    void hand_over(int client, door came_by);
    void publish(std::shared_ptr<service const> const& next);
    void wait_for_signal();
    void on_signal(int number);
    task<void> supervise();
    void drain_workers();

    log& logs_;
    gauges load_;
    event_loop control_;
    wire_buffers buffers_;
    signature_store signatures_;
    reloader reloads_;
    std::vector<passed_listener> passed_; ///< not yet taken by a listener
    notifier systemd_;
    watchdog watchdog_;
    net::signal_set signals_;
    std::vector<std::unique_ptr<listener>> listeners_;
    std::vector<std::unique_ptr<listener>> probe_listeners_; ///< of `admin.listen`
    std::vector<std::unique_ptr<worker_thread>> workers_;
    std::size_t next_worker_ = 0;
    std::size_t busy_workers_ = 0;
    int stop_signals_ = 0;
    fiber supervisor_;
};

/// Why an address cannot be had: what a look at it tells, else what the system said.
std::string obstacle_at(planned_listener const& wanted, int error) {
    core::doctor::address_facts facts{.address = wanted.address, .setting = wanted.setting};
    look_at_address(facts);
    auto holder = core::doctor::explain_holder(facts.address, facts.use);
    auto reason = facts.reason.empty() ? std::string(std::strerror(error)) : facts.reason;
    return reason + "." + (holder.empty() ? "" : " " + holder);
}

bool server::listen() {
    for (auto const& wanted : listen_plan(settings())) {
        if (!open_listener(wanted)) {
            return false;
        }
    }
    if (listeners_.empty()) {
        logs_.error("no address to listen on: this host has neither 127.0.0.1 nor ::1");
    }
    return !listeners_.empty();
}

bool server::open_listener(planned_listener const& wanted) {
    auto const& address = wanted.address;
    auto came_by = wanted.admin ? door::admin : door::main;
    auto opened = std::make_unique<listener>(
        control_, [this, came_by](int client) { hand_over(client, came_by); });
    auto result = open(*opened, wanted);
    if (result) {
        (wanted.admin ? probe_listeners_ : listeners_).push_back(std::move(opened));
        return true;
    }
    auto shown = address.text();
    if (wanted.optional && result.error() == EADDRNOTAVAIL) {
        logs_.info(fmt::format("not listening on {}: this host lacks the address", shown));
        return true;
    }
    logs_.error(fmt::format("cannot listen on {}: {} Choose another address with {}.", shown,
                            obstacle_at(wanted, result.error()), wanted.setting));
    return false;
}

std::expected<void, int> server::open(listener& one, planned_listener const& wanted) {
    auto passed = std::ranges::find_if(passed_, [&](passed_listener const& given) {
        return given.at.address == wanted.address && given.at.admin == wanted.admin;
    });
    if (passed != passed_.end()) {
        int fd = passed->fd;
        passed_.erase(passed);
        return one.adopt(fd, wanted.address);
    }
    auto mode = static_cast<unsigned>(std::stoul(settings().listen_mode, nullptr, 8));
    return one.open(wanted.address, mode);
}

void server::hand_over(int client, door came_by) {
    auto& chosen = workers_[next_worker_++ % workers_.size()]->inside;
    chosen.loop.post([&chosen, client, came_by] { chosen.adopt(client, came_by); });
}

void server::publish(std::shared_ptr<service const> const& next) {
    for (auto const& one : workers_) {
        auto& inside = one->inside;
        inside.loop.post([&inside, next] { inside.serve_by(next); });
    }
}

int server::run() {
    begin_work();
    announce();
    control_.run();
    workers_.clear();
    return 0;
}

void server::begin_work() {
    std::vector<event_loop*> loops;
    for (std::size_t i = 0; i < settings().workers; ++i) {
        workers_.push_back(std::make_unique<worker_thread>(reloads_.current()));
        loops.push_back(&workers_.back()->inside.loop);
    }
    reloads_.start([this](auto const& next) { publish(next); },
                   [this](auto const& fault) { tell_reloaded(fault); });
    wait_for_signal();
    supervisor_.start(supervise(), [](std::exception_ptr) {});
    watchdog_.start(std::move(loops));
}

void server::announce() const {
    std::vector<std::string> names;
    for (auto const* doors : {&listeners_, &probe_listeners_}) {
        for (auto const& one : *doors) {
            names.push_back(one->name());
            std::printf("listening %s\n", names.back().c_str());
        }
    }
    std::fflush(stdout);
    systemd_.tell(fmt::format("READY=1\nSTATUS=listening {}", fmt::join(names, " ")));
}

void server::tell_reloaded(std::string const& fault) const {
    auto status = fault.empty() ? "the configuration was read again" : fault;
    systemd_.tell("READY=1\nSTATUS=" + status);
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
        logs_.info("SIGHUP: reading the configuration and looking for credentials again");
        systemd_.tell(core::reloading_lines(clock_now()));
        reloads_.ask();
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
/// second signal comes, at once after that. The main listeners close first, so that whoever comes
/// next may have their addresses; probes are answered on `admin.listen` to the end.
task<void> server::supervise() {
    while (stop_signals_ == 0) {
        co_await supervisor_.sleep();
    }
    load_.draining.store(true);
    load_.followers.end();
    listeners_.clear();
    logs_.info("stopping: no new requests, waiting for those under way");
    systemd_.tell(core::stopping_lines(settings().timeouts.drain_ms + abandon_time,
                                       "waiting for the answers under way"));
    drain_workers();
    supervisor_.expires_after(settings().timeouts.drain_ms);
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
    probe_listeners_.clear();
    reloads_.stop([this] { supervisor_.wake(); });
    while (!reloads_.ended() && supervisor_.stopped() == cause::none) {
        co_await supervisor_.sleep();
    }
    control_.stop();
}

void print_no_project() {
    fmt::print(stderr, "No Google Cloud project is known. Give one of:\n");
    for (auto const& way : core::google::ways_to_name_a_project()) {
        fmt::print(stderr, "  {}\n", way);
    }
    fmt::print(stderr, "Or try it without an account: vertex-relay demo\n");
}

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
        print_no_project();
        return 2;
    }
    auto location = core::google::find_location(options.settings.google.location,
                                                options.variables);
    core::deployment where{project.value, location.value,
                           universe_of(options.settings, options.variables)};
    logs.info(options.simulated
                  ? std::string("vertex-relay " RELAY_VERSION ": a demo, whose answers are "
                                "simulated on this machine; no Google account or project is used")
                  : fmt::format("vertex-relay " RELAY_VERSION
                                ": project {} ({}), location {} ({})",
                                project.value, project.origin, location.value, location.origin));
    if (auto line = through->text(); !line.empty()) {
        logs.info(line);
    }
    auto running = std::make_unique<server>(std::move(options), logs, std::move(where),
                                            std::move(*through));
    return running->listen() ? running->run() : 1;
}

} // namespace vertex_relay::io
