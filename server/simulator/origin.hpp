#pragma once
// The simulated services behind one port: takes a request, gives the plan of its answer. No
// sockets, no waiting; owned by the simulator's thread.

#include "simulator/chat_service.hpp"
#include "simulator/counters.hpp"
#include "simulator/fault_script.hpp"
#include "simulator/foreign_identity.hpp"
#include "simulator/metadata.hpp"
#include "simulator/plan.hpp"
#include "simulator/replay.hpp"
#include "simulator/request.hpp"
#include "simulator/resource_path.hpp"
#include "simulator/simulator.hpp"
#include "simulator/token_endpoint.hpp"

#include <optional>

namespace vertex_relay::simulator {

class origin {
public:
    /// Who may ask for tokens.
    struct identities {
        registered_clients clients;
        foreign_identity foreign;
    };
    /// What is given in order, or again.
    struct scripts {
        fault_script faults;
        replay captures;
    };
    origin(options settings, identities known, scripts given);

    /// The answer to a complete request over TLS.
    plan reply(request const& received);
    /// The answer to a request whose body is still on its way, if a fault wants to be early.
    std::optional<plan> reply_early(request const& head, std::string_view body_so_far);
    /// The answer to a request that broke HTTP.
    plan reply_malformed(std::string_view why);
    /// The metadata server.
    plan reply_metadata(request const& received);

    counters& seen() { return seen_; }
    std::expected<void, std::string> add_rule(std::string_view line) { return script_.add(line); }
    void advance_clock(std::chrono::seconds by) { shift_ += by; }
    void revoke_tokens() { tokens_.revoke_all(); }

private:
    struct call; // one request with what is known about it

    token_store::time now() const;
    void count_grant(answer const& reply);
    void count_refusal(int status);
    answer answer_resource(call& current);
    answer answer_chat_path(call& current);
    answer answer_other_path(call& current);
    answer answer_token(request const& received);
    std::optional<answer> answer_identity(request const& received);
    chat_scene scene_of(call const& current) const;
    std::string rpc_of(call const& current) const;
    plan with_fault(call& current, answer reply);

    options settings_;
    identities known_;
    fault_script script_;
    replay captures_;
    token_store tokens_;
    counters seen_;
    metadata_server metadata_;
    std::chrono::seconds shift_{0};
    std::string refused_token_; // the one `401-once` met first
    simdjson::dom::parser parser_;
};

} // namespace vertex_relay::simulator
