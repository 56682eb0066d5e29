#pragma once
// Plays scenarios: a relay between a client and an origin that do what the scenario says, one after
// the other. A fault comes when the client has what it must have by then, not when a time is over.

#include "faults/scenario.hpp"
#include "net/gate.hpp"
#include "net/relay_rig.hpp"
#include "net/scripted_origin.hpp"

#include <atomic>
#include <memory>
#include <mutex>

namespace vertex_relay::tests {

class fault_stage {
public:
    explicit fault_stage(surroundings around);

    /// What went otherwise than wanted, in words; empty: nothing.
    std::string play(scenario const& one);

private:
    /// What the scripts of one scenario meet at; it lives as long as one of them.
    struct turn {
        explicit turn(scenario const& what) : one(what) {}
        scenario const& one;
        gate go;     ///< the fault may come
        gate struck; ///< it has come
        gate over;   ///< the client has seen the end, or has left
        gate left;   ///< the relay has let go of the connection that was struck
        std::atomic<std::size_t> connections = 0;
        std::atomic<std::size_t> requests = 0;
    };

    void adjust(core::config& settings) const;
    void serve(origin_line& line);
    static void serve_well(origin_line& line, turn& now);
    static void serve_twice(origin_line& line, turn& now);
    static void serve_badly(origin_line& line, turn& now);
    static void strike(origin_line& line, turn& now);

    void warm_up(turn& now);
    http_answer ask(turn& now);
    http_answer read(relay_client& client, scenario const& one);
    bool empty_pool();
    std::string new_log_lines();

    surroundings around_;
    std::mutex mutex_; ///< of the next one
    std::shared_ptr<turn> now_;
    std::size_t log_read_ = 0;
    std::unique_ptr<scripted_origin> origin_;
    std::unique_ptr<relay_rig> rig_; ///< last: it ends first
};

/// Compares what a client got and what was logged with what the scenario wants.
std::string judge(scenario const& one, http_answer const& answer, std::string_view log_lines);

} // namespace vertex_relay::tests
