#pragma once
// A worker with everything it needs, on threads of its own, in front of the simulator. Clients are
// TCP pairs: one end is the worker's, the other the test's.

#include "io/service_setup.hpp"
#include "io/token_source.hpp"
#include "io/worker.hpp"
#include "net/relay_client.hpp"
#include "net/token_rig.hpp"
#include "simulator/simulator.hpp"

#include <netinet/in.h>

#include <memory>
#include <thread>

namespace vertex_relay::tests {

struct socket_sizes {
    int relay_sends = 0;    ///< SO_SNDBUF of the worker's end; 0: the system's
    int client_receives = 0; ///< SO_RCVBUF of the test's end
};

/// A connected pair of TCP sockets on loopback: the relay's end is non-blocking.
struct socket_pair {
    int relay;
    int client;
};

/// Makes such pairs through one listener. Any thread; of two that enter at once each may get the
/// relay's end of the other.
class loopback_door {
public:
    explicit loopback_door(int relay_sends = 0);
    ~loopback_door();
    loopback_door(loopback_door const&) = delete;
    loopback_door& operator=(loopback_door const&) = delete;

    socket_pair enter(int client_receives = 0) const;

private:
    int listener_;
    sockaddr_in where_{};
};

/// A pair by itself.
socket_pair make_socket_pair(socket_sizes sizes = {});

class relay_rig {
public:
    using adjustment = std::function<void(core::config&, simulator::instance const&)>;

    /// `adjust` changes the settings before anything starts; `variables` name a proxy.
    explicit relay_rig(adjustment const& adjust = {}, simulator::options vertex_options = {},
                       core::google::environment const& variables = {});
    ~relay_rig();
    relay_rig(relay_rig const&) = delete;
    relay_rig& operator=(relay_rig const&) = delete;

    relay_client connect(socket_sizes sizes = {}, io::door came_by = io::door::main);
    /// One request on a connection of its own.
    http_answer ask(std::string_view request);

    /// Runs `work` on the worker's thread and waits for it.
    void on_worker(std::function<void(io::worker&)> const& work);
    std::size_t idle_upstream();
    io::token_source& tokens() { return *tokens_; }
    /// All clients have been let go and nothing they used is still counted.
    bool settles();

    /// What `serve` does at the first signal; `gone` becomes true once no client is left.
    void drain(std::atomic<bool>& gone);
    void abandon();

    simulator::snapshot seen() const { return vertex->seen(); }
    /// What was logged, if the settings want the access log; else it goes to stderr.
    std::string log_text() const;
    /// One request has been accounted for by a line with all of `fragments`.
    bool logs_line_with(std::vector<std::string> const& fragments) const;

    std::unique_ptr<simulator::instance> vertex;
    core::config settings;
    io::gauges load;
    test_clock clock{std::chrono::milliseconds(0)}; ///< by which tokens age

private:
    int log_file_ = -1;
    std::unique_ptr<loop_thread> control_;
    std::unique_ptr<io::log> logs_;
    std::shared_ptr<io::token_source> tokens_;
    std::unique_ptr<io::signature_store> signatures_;
    std::unique_ptr<io::worker> worker_;
    std::thread thread_;
    loopback_door door_;
};

/// Makes the settings those of a relay in front of `vertex`.
void point_at(simulator::instance const& vertex, core::config& settings);

/// What an open log file holds so far.
std::string text_of_log(int file);

/// Looks again and again, with a breath in between, until it holds or `limit` is over.
bool eventually(std::function<bool()> const& holds, std::chrono::milliseconds limit = patience);

} // namespace vertex_relay::tests
