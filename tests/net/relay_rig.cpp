#include "net/relay_rig.hpp"

#include "io/log.hpp"
#include "io/token_search.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <sstream>

namespace vertex_relay::tests {

namespace {

void set_size(int fd, int option, int bytes) {
    if (bytes > 0) {
        ::setsockopt(fd, SOL_SOCKET, option, &bytes, sizeof bytes);
    }
}

void set_no_delay(int fd) {
    int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void allow_many_descriptors() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

core::config settings_for(simulator::instance const& vertex) {
    core::config settings;
    point_at(vertex, settings);
    settings.retry.max = 0;
    settings.log.level = "err";
    settings.log.access = false;
    return settings;
}

std::unique_ptr<simulator::instance> start_vertex(simulator::options options) {
    auto started = simulator::instance::start(std::move(options));
    if (!started) {
        throw std::runtime_error(started.error());
    }
    return std::move(*started);
}

} // namespace

loopback_door::loopback_door(int relay_sends)
    : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    set_size(listener_, SO_SNDBUF, relay_sends); // the accepted socket inherits it
    where_.sin_family = AF_INET;
    where_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof where_;
    auto* raw = reinterpret_cast<sockaddr*>(&where_);
    if (::bind(listener_, raw, size) != 0 || ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, raw, &size) != 0) {
        ::close(listener_);
        throw std::runtime_error("cannot listen on loopback");
    }
}

loopback_door::~loopback_door() { ::close(listener_); }

socket_pair loopback_door::enter(int client_receives) const {
    int client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    set_size(client, SO_RCVBUF, client_receives);
    auto const* raw = reinterpret_cast<sockaddr const*>(&where_);
    bool good = ::connect(client, raw, sizeof where_) == 0;
    int relay = good ? ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC) : -1;
    if (relay < 0) {
        ::close(client);
        throw std::runtime_error("no TCP pair on loopback");
    }
    set_no_delay(relay);
    set_no_delay(client);
    return {relay, client};
}

socket_pair make_socket_pair(socket_sizes sizes) {
    return loopback_door(sizes.relay_sends).enter(sizes.client_receives);
}

void point_at(simulator::instance const& vertex, core::config& settings) {
    settings.google.credentials = vertex.credentials_file();
    settings.google.allow_any_token_host = true;
    settings.upstream.ca_file = vertex.ca_file();
    settings.upstream.endpoint = fmt::format("https://127.0.0.1:{}", vertex.port());
}

relay_rig::relay_rig(adjustment const& adjust, simulator::options vertex_options,
                     core::google::environment const& variables)
    : vertex(start_vertex(std::move(vertex_options))), settings(settings_for(*vertex)) {
    allow_many_descriptors();
    if (adjust) {
        adjust(settings, *vertex);
    }
    control_ = std::make_unique<loop_thread>(settings.upstream.ca_file, settings.upstream.resolve,
                                             core::proxy_rules::from(variables).value());
    log_file_ = settings.log.access ? ::memfd_create("access log", MFD_CLOEXEC) : -1;
    logs_ = std::make_unique<io::log>(settings, log_file_ >= 0 ? log_file_ : STDERR_FILENO);
    io::token_settings token_settings;
    token_settings.discovery = io::discovery_settings_of(settings);
    token_settings.started = clock.now();
    token_settings.now = [this] { return clock.now(); };
    tokens_ = std::make_shared<io::token_source>(control_->loop, control_->connects,
                                                 std::move(token_settings));
    signatures_ = std::make_unique<io::signature_store>(settings.signatures.file);
    core::deployment where{"sim-project", "global", "googleapis.com"};
    std::shared_ptr<io::egress_settings> egress(std::shared_ptr<void>(), &control_->egress);
    io::shared_parts parts{std::move(egress), tokens_, *signatures_, *logs_, load};
    worker_ = std::make_unique<io::worker>(std::make_shared<io::service const>(
        io::make_service(settings, std::move(where), std::move(parts))));
    control_->begin();
    tokens_->start();
    thread_ = std::thread([this] { worker_->loop.run(); });
}

relay_rig::~relay_rig() {
    control_->stop();
    worker_->loop.stop();
    thread_.join();
    if (log_file_ >= 0) {
        ::close(log_file_);
    }
}

relay_client relay_rig::connect(socket_sizes sizes, io::door came_by) {
    bool usual = sizes.relay_sends == 0;
    auto pair = usual ? door_.enter(sizes.client_receives) : make_socket_pair(sizes);
    worker_->loop.post([this, pair, came_by] { worker_->adopt(pair.relay, came_by); });
    return relay_client(pair.client);
}

http_answer relay_rig::ask(std::string_view request) { return connect().ask(request); }

void relay_rig::on_worker(std::function<void(io::worker&)> const& work) {
    std::promise<void> finished;
    worker_->loop.post([&] {
        work(*worker_);
        finished.set_value();
    });
    finished.get_future().get();
}

std::size_t relay_rig::idle_upstream() {
    std::size_t count = 0;
    on_worker([&count](io::worker& at) { count = at.current()->upstream->pool.idle(); });
    return count;
}

bool relay_rig::settles() {
    return eventually([this] {
        return load.connections == 0 && load.streams == 0 && load.buffered_bytes == 0;
    });
}

void relay_rig::drain(std::atomic<bool>& gone) {
    load.draining = true;
    load.followers.end();
    on_worker([&gone](io::worker& at) { at.drain([&gone] { gone = true; }); });
}

void relay_rig::abandon() {
    on_worker([](io::worker& at) { at.abandon(); });
}

std::string relay_rig::log_text() const {
    return text_of_log(log_file_);
}

std::string text_of_log(int file) {
    std::string text;
    char piece[4096];
    for (auto got = ::pread(file, piece, sizeof piece, 0); got > 0;
         got = ::pread(file, piece, sizeof piece, static_cast<off_t>(text.size()))) {
        text.append(piece, static_cast<std::size_t>(got));
    }
    return text;
}

bool relay_rig::logs_line_with(std::vector<std::string> const& fragments) const {
    auto holds_all = [&](std::string const& line) {
        return std::ranges::all_of(fragments, [&](std::string const& fragment) {
            return line.find(fragment) != line.npos;
        });
    };
    return eventually([&] {
        std::istringstream lines(log_text());
        for (std::string line; std::getline(lines, line);) {
            if (holds_all(line)) {
                return true;
            }
        }
        return false;
    });
}

bool eventually(std::function<bool()> const& holds, std::chrono::milliseconds limit) {
    auto until = std::chrono::steady_clock::now() + limit;
    while (!holds()) {
        if (std::chrono::steady_clock::now() >= until) {
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

} // namespace vertex_relay::tests
