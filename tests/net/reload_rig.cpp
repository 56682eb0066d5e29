#include "net/reload_rig.hpp"

#include "core/config/load.hpp"

#include <fmt/format.h>

#include <sys/mman.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

namespace vertex_relay::tests {

namespace {

std::unique_ptr<simulator::instance> start_vertex() {
    auto started = simulator::instance::start({});
    if (!started) {
        throw std::runtime_error(started.error());
    }
    return std::move(*started);
}

core::config log_settings() {
    core::config settings;
    settings.log.format = "json";
    return settings;
}

} // namespace

reload_rig::reload_rig(std::string_view toml, files_are how, adjustment adjust)
    : vertex(start_vertex()), config_file(files.write("config.toml", toml)),
      adjust_(std::move(adjust)), how_(how), log_file_(::memfd_create("log", MFD_CLOEXEC)),
      logs_(std::make_unique<io::log>(log_settings(), log_file_)) {
    io::watched_files noted;
    auto settings = read([&noted](std::string const& path) { noted.note(path); });
    if (!settings) {
        throw std::runtime_error(settings.error());
    }
    logs_->follow(*settings);
    core::deployment where{settings->google.project, "global", "googleapis.com"};
    io::reloader::surroundings around{std::move(where), {}, std::move(noted)};
    reloads_ = std::make_unique<io::reloader>(parts(how), *settings, std::move(around));
    for (auto& one : workers_) {
        one = std::make_unique<worker_thread>(reloads_->current());
    }
    control_.post([this] {
        reloads_->start([this](std::shared_ptr<io::service const> const& next) {
            for (auto& one : workers_) {
                auto& inside = one->inside;
                inside.loop.post([&inside, next] { inside.serve_by(next); });
            }
        });
    });
    control_thread_ = std::thread([this] { control_.run(); });
}

reload_rig::~reload_rig() {
    on_control([](io::reloader& at) { at.stop([] {}); });
    control_.stop();
    control_thread_.join();
    for (auto& one : workers_) {
        one.reset();
    }
    reloads_.reset();
    ::close(log_file_);
}

io::reloader::parts reload_rig::parts(files_are how) {
    return {.control = control_,
            .buffers = buffers_,
            .logs = *logs_,
            .load = load,
            .signatures = signatures_,
            .read = [this](auto const& about_to_read) { return read(about_to_read); },
            .variables = core::google::environment({{"NO_GCE_CHECK", "true"}}),
            .look_every = how == files_are::watched ? std::chrono::milliseconds(20)
                                                    : std::chrono::hours(1)};
}

std::expected<core::config, std::string>
reload_rig::read(std::function<void(std::string const&)> const& about_to_read) const {
    about_to_read(config_file);
    std::ifstream file(config_file);
    std::string text(std::istreambuf_iterator<char>(file), {});
    if (!file) {
        return std::unexpected("cannot read " + config_file);
    }
    auto loaded = core::load({.files = {{config_file, text}}});
    if (!loaded) {
        return std::unexpected(core::describe(loaded.error().front()));
    }
    auto settings = loaded->config;
    point_at(*vertex, settings);
    settings.google.project = "sim-project";
    settings.log.format = "json";
    auto keep = [&](std::string_view key, auto& value, auto const& from) {
        if (loaded->origin(key) != "default") {
            value = from;
        }
    };
    keep("google.credentials", settings.google.credentials, loaded->config.google.credentials);
    keep("upstream.ca_file", settings.upstream.ca_file, loaded->config.upstream.ca_file);
    if (adjust_) {
        adjust_(settings);
    }
    return settings;
}

std::string reload_rig::reload(std::string_view toml) {
    files.write("config.toml", toml);
    return how_ == files_are::watched ? next_outcome() : reload();
}

std::string reload_rig::reload() {
    on_control([](io::reloader& at) { at.ask(); });
    return next_outcome();
}

std::string reload_rig::next_outcome() {
    std::string line;
    bool found = eventually([&] {
        auto text = log_text();
        while (log_read_ < text.size()) {
            auto end = text.find('\n', log_read_);
            if (end == text.npos) {
                return false;
            }
            line = text.substr(log_read_, end - log_read_);
            log_read_ = end + 1;
            if (line.find("configuration reloaded") != line.npos ||
                line.find("was not reloaded") != line.npos) {
                return true;
            }
        }
        return false;
    });
    return found ? line : "no outcome";
}

relay_client reload_rig::connect(std::size_t worker) {
    auto pair = make_socket_pair();
    auto& inside = workers_.at(worker)->inside;
    inside.loop.post([&inside, pair] { inside.adopt(pair.relay, io::door::main); });
    return relay_client(pair.client);
}

http_answer reload_rig::ask(std::string_view request, std::size_t worker) {
    return connect(worker).ask(request);
}

void reload_rig::on_control(std::function<void(io::reloader&)> const& work) {
    std::promise<void> finished;
    control_.post([&] {
        work(*reloads_);
        finished.set_value();
    });
    finished.get_future().get();
}

std::shared_ptr<io::service const> reload_rig::current() {
    std::shared_ptr<io::service const> found;
    on_control([&found](io::reloader& at) { found = at.current(); });
    return found;
}

std::string reload_rig::log_text() const {
    return text_of_log(log_file_);
}

bool reload_rig::settles() {
    return eventually([this] {
        return load.connections == 0 && load.streams == 0 && load.buffered_bytes == 0;
    });
}

} // namespace vertex_relay::tests
