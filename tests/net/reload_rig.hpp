#pragma once
// What `serve` runs, but for its listeners and signals: a reloader on a control loop and two
// workers on threads of their own, in front of the simulator, with a configuration file.

#include "io/reloader.hpp"
#include "io/worker.hpp"
#include "net/relay_rig.hpp"
#include "net/token_rig.hpp"

#include <array>

namespace vertex_relay::tests {

class reload_rig {
public:
    using adjustment = std::function<void(core::config&)>;
    enum class files_are : unsigned char { read_when_asked, watched };

    /// `toml` is the first configuration. The simulator's address comes from the rig, and so do the
    /// credentials and the authorities unless the text names some; `adjust` has the last word.
    explicit reload_rig(std::string_view toml = {}, files_are how = files_are::read_when_asked,
                        adjustment adjust = {});
    ~reload_rig();
    reload_rig(reload_rig const&) = delete;
    reload_rig& operator=(reload_rig const&) = delete;

    /// Replaces the file, and asks as SIGHUP does if files are not watched; waits for the outcome
    /// and returns its log line.
    std::string reload(std::string_view toml);
    /// Asks without another text.
    std::string reload();
    /// The next outcome that is logged.
    std::string next_outcome();

    relay_client connect(std::size_t worker = 0);
    http_answer ask(std::string_view request, std::size_t worker = 0);
    void on_control(std::function<void(io::reloader&)> const& work);
    std::shared_ptr<io::service const> current();
    std::string log_text() const;
    bool settles();

    scratch_directory files;
    std::unique_ptr<simulator::instance> vertex;
    std::string config_file;
    io::gauges load;

private:
    struct worker_thread {
        explicit worker_thread(std::shared_ptr<io::service const> shared)
            : inside(std::move(shared)), thread([this] { inside.loop.run(); }) {}
        ~worker_thread() {
            inside.loop.stop();
            thread.join();
        }
        io::worker inside;
        std::thread thread;
    };
    std::expected<core::config, std::string>
    read(std::function<void(std::string const&)> const& about_to_read) const;
    io::reloader::parts parts(files_are how);

    adjustment adjust_;
    files_are how_;
    int log_file_ = -1;
    std::size_t log_read_ = 0;
    std::unique_ptr<io::log> logs_;
    io::signature_store signatures_{{}};
    io::event_loop control_;
    io::wire_buffers buffers_;
    std::unique_ptr<io::reloader> reloads_;
    std::array<std::unique_ptr<worker_thread>, 2> workers_;
    std::thread control_thread_;
};

} // namespace vertex_relay::tests
