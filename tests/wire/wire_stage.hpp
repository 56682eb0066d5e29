#pragma once
// Plays wire cases: a worker of the relay between clients and an origin that only do what the case
// says. The events a case may name:
//
//     at once           this case is never played byte by byte
//     client NAME       the steps behind it are those of another connection
//     client closes     the client's FIN          client resets     its reset
//     origin closes     the origin's FIN          origin resets     its reset
//     origin accepts    the next step of the origin is on a connection of its own
//     origin gets a request             any that is whole
//     relay closes      the client sees a FIN     relay resets      it sees a reset
//     relay looks       it has read what was sent so far
//     relay hangs up    the origin sees the end of its connection
//
// A case ends when all its clients have left: whatever reached a client or the origin and is not in
// the case fails it.

#include "wire/wire_file.hpp"
#include "wire/wire_origin.hpp"
#include "wire/wire_relay.hpp"

#include <map>
#include <optional>

namespace vertex_relay::tests {

/// How the bytes of a step are sent: together, or one by one with the relay looking in between.
enum class pace : unsigned char { whole, client_drips, origin_drips };

struct wire_problem {
    std::string what;
    std::string came = {};         ///< instead of the step's bytes, as lines of the file
    wire_step const* at = nullptr; ///< of the case; null: it showed when everybody had left
};

class wire_stage {
public:
    /// As wire_relay, of which `settings` are.
    explicit wire_stage(std::string const& settings);

    /// Nothing if the case went as written.
    std::optional<wire_problem> play(wire_case const& one, pace how);

private:
    using outcome = std::optional<wire_problem>;
    outcome step(wire_step const& one);
    outcome act(std::string_view event);
    outcome act_upstream(std::string_view event);
    outcome expect_bytes(wire_step const& one, relay_client& at);
    outcome expect_end(relay_client& at, ending wanted);
    outcome send(wire_step const& one, relay_client& to, bool drips);
    outcome leave();
    outcome leave_upstream();
    relay_client& client();

    wire_origin origin_;
    wire_relay relay_;
    std::map<std::string, relay_client> clients_;
    std::string client_; ///< the name of the current one
    pace pace_ = pace::whole;
};

/// Whether playing it at that pace can show anything else than playing it whole.
bool is_worth(wire_case const& one, pace how);

} // namespace vertex_relay::tests
