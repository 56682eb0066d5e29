#pragma once
// One thread's share of the relay: its loop, its connections upstream, its clients. Nothing here
// is touched by another thread.

#include "core/gemini/located_json.hpp"
#include "io/connector.hpp"
#include "io/endpoint_directory.hpp"
#include "io/peer_check.hpp"
#include "io/resolver.hpp"
#include "io/service.hpp"
#include "io/upstream_pool.hpp"

#include <simdjson.h>

#include <memory>
#include <random>
#include <unordered_set>

namespace vertex_relay::io {

class session;

class worker {
public:
    explicit worker(service const& shared);
    ~worker();

    /// Takes a connected, non-blocking client socket and serves it by `rules`, which the service
    /// owns. On the worker's thread, like all below.
    void adopt(int client, core::edge_rules const& rules);

    /// Idle clients are closed, the others finish what they do; `on_idle` is called once all have
    /// gone.
    void drain(std::function<void()> on_idle);
    /// Every exchange ends now.
    void abandon();

    /// A JSON parser whose memory is reused. Call `rest_parser` when its document has served.
    simdjson::dom::parser& parser() { return parser_; }
    /// Gives back what a big body needed.
    void rest_parser();
    /// The same for what repairs needed.
    void rest_scratch();
    std::string next_request_id();
    /// Evenly spread over [0, 1); good enough to spread waits, not for secrets.
    double random();
    /// `routes.resolve`, remembered for names that were asked for before.
    core::result<std::shared_ptr<core::target const>>
    route(std::optional<std::string> const& model);

    service const& shared; ///< outlives the worker
    event_loop loop;
    wire_buffers buffers;
    resolver names;
    connector connects;
    upstream_pool pool;
    endpoint_directory endpoints;
    peer_check peers;
    core::located_json tree;   ///< scratch of repairs, between two waits
    std::string repaired_text; ///< what events and answers are repaired into, between two waits

private:
    void finish(session& ended, std::exception_ptr escaped);
    task<void> keep_house();

    std::unordered_set<session*> sessions_;
    std::function<void()> on_idle_; ///< set while draining
    std::unordered_map<std::string, std::shared_ptr<core::target const>> routes_;
    simdjson::dom::parser parser_;
    std::uint64_t ids_;
    std::minstd_rand random_;
    fiber house_;
};

} // namespace vertex_relay::io
