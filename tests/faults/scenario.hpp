#pragma once
// One thing that goes wrong at one moment of one exchange, and what everybody must see of it.

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::tests {

/// What becomes of a connection.
enum class fault : unsigned char {
    none,
    close, ///< TLS's own goodbye, then FIN
    cut,   ///< FIN alone
    reset,
    stall, ///< silence, until the other side has enough
};
std::string_view name_of(fault what);

/// Who listens where Vertex AI should be.
enum class listener_kind : unsigned char {
    tls,
    no_tls,
    nobody,
    expired,    ///< TLS with a certificate whose time is over …
    not_yet,    ///< … has not come …
    other_name, ///< … for another host …
    unknown,    ///< … of an authority nobody trusts …
    self_signed ///< … of nobody but itself
};
/// TLS as it should not be.
constexpr bool is_untrusted(listener_kind kind) { return kind >= listener_kind::expired; }

/// The one deadline that comes soon; all others are far away.
enum class deadline : unsigned char { none, connect, write, first_byte, idle };

/// What is set up before a scenario is played.
struct surroundings {
    listener_kind upstream = listener_kind::tls;
    deadline soon = deadline::none;
    friend auto operator<=>(surroundings const&, surroundings const&) = default;
};

struct outcome {
    int status = 200;            ///< of the answer; 0: the client gets none
    std::string code = {};       ///< of the error, a document or the last event; empty: none
    std::string message = {};    ///< a part of the error document's
    std::optional<std::string> body = {}; ///< its exact bytes, an error event left out
    bool complete = true;        ///< by its own framing
    int logged = 0;              ///< the access line's status; 0: the one above
    std::string cause = {};      ///< the access line's cause; empty: the code, or `ok`
    std::size_t requests = 1;    ///< that reached the origin whole
};

struct scenario {
    std::string name;
    surroundings around = {};
    bool stream = true;
    bool large = false;       ///< the request's body is larger than what systems buffer
    bool reused = false;      ///< on a connection that has served a request
    std::string before = {};  ///< what the origin sends first …
    std::string seen = {};    ///< … of which the client must have this before the fault comes
    std::string instead = {}; ///< bytes of the fault itself
    fault upstream = fault::none; ///< what becomes of the origin's connection
    fault client = fault::none;   ///< … or of the client's
    bool half_close = false;      ///< the client's FIN, while it still reads
    bool dribble = false;         ///< the origin's bytes come one by one, each in a TLS record
    outcome wanted = {};
};

/// The whole table: every fault at every phase where it can come.
std::vector<scenario> all_scenarios();

std::vector<scenario> connect_scenarios();
std::vector<scenario> upload_scenarios();
std::vector<scenario> head_scenarios();
std::vector<scenario> document_scenarios();
std::vector<scenario> stream_scenarios();
std::vector<scenario> reuse_scenarios();
std::vector<scenario> client_scenarios();

} // namespace vertex_relay::tests
