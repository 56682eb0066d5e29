#pragma once
// One thread's share of the relay: its loop, its connections upstream, its clients. Nothing here
// is touched by another thread.

#include "core/gemini/located_json.hpp"
#include "io/peer_check.hpp"
#include "io/snapshot.hpp"

#include <simdjson.h>

#include <memory>
#include <random>
#include <unordered_set>

namespace vertex_relay::io {

class session;

class worker {
public:
    explicit worker(std::shared_ptr<service const> shared);
    ~worker();

    /// Takes a connected, non-blocking client socket that came to a main or the admin listener. On
    /// the worker's thread, like all below.
    void adopt(int client, door came_by);

    /// From the next exchange on; what is under way ends as it began.
    void serve_by(std::shared_ptr<service const> next);
    std::shared_ptr<snapshot> const& current() const { return current_; }

    /// Idle clients are closed, the others finish what they do; `on_idle` is called once all have
    /// gone that came to a main listener. Probes still come to the admin one.
    void drain(std::function<void()> on_idle);
    /// Every exchange ends now.
    void abandon();

    /// What this worker counts.
    core::meters& meters() { return *meters_; }

    /// A JSON parser whose memory is reused. Call `rest_parser` when its document has served.
    simdjson::dom::parser& parser() { return parser_; }
    /// Gives back what a big body needed.
    void rest_parser();
    /// The same for what repairs needed.
    void rest_scratch();
    std::string next_request_id();
    /// Evenly spread over [0, 1); good enough to spread waits, not for secrets.
    double random();

    event_loop loop;
    wire_buffers buffers;
    peer_check peers;
    core::located_json tree;   ///< scratch of repairs, between two waits
    std::string repaired_text; ///< what events and answers are repaired into, between two waits

private:
    void finish(session& ended, std::exception_ptr escaped);
    void tell_if_idle();
    task<void> keep_house();

    std::shared_ptr<core::meters> meters_;
    std::shared_ptr<snapshot> current_;
    std::unordered_set<session*> sessions_;
    std::size_t clients_ = 0;       ///< sessions that came to a main listener
    std::function<void()> on_idle_; ///< set while draining, until it is called
    simdjson::dom::parser parser_;
    std::uint64_t ids_;
    std::minstd_rand random_;
    fiber house_;
};

} // namespace vertex_relay::io
