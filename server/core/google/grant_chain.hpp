#pragma once
// From a credential to the access token that Vertex sees, step by step. Most types need one call;
// the longest chain is
//
//     subject token (file, URL, program, AWS, certificate) ─► exchange ─► act as … ─► act as …
//
// It does nothing itself. Drive it like this:
//
//     grant_chain chain(parts, now);
//     for (;;) {
//         auto const& action = chain.next();
//         if (auto* call = std::get_if<token_call>(&action)) { chain.answered(send it, now); }
//         else if (… read_file …) { chain.file_read(read it, now); }
//         else if (… run_program …) { chain.program_ended(run it, now); }
//         else { break; }          // chain_ended
//     }
//     auto token = chain.take();

#include "core/google/access_token.hpp"
#include "core/google/external/subject_search.hpp"
#include "core/google/intermediate_tokens.hpp"
#include "core/google/token_answer.hpp"

#include <expected>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

namespace vertex_relay::core::google {

/// What dates signatures, kept from chain to chain.
struct grant_clock {
    instant started = {}; ///< of the process
    seconds offset{0};    ///< the servers' clock minus ours, learnt from the answers of Google
};

/// What a chain works with; all of it outlives the chain.
struct chain_parts {
    credential& from;          ///< a rotated refresh token is put in at once
    intermediate_tokens& kept; ///< of earlier chains of the same credential
    grant_clock& clock;
    environment const& variables;
    bool token_left = false; ///< another token is still good: no makeshift is needed
};

struct chain_ended {};

class grant_chain {
public:
    using action = std::variant<token_call, read_file, run_program, chain_ended>;

    grant_chain(chain_parts parts, instant now);

    /// What to do now; the same answer until the outcome is given.
    action const& next() const { return next_; }
    /// An outcome that was not asked for changes nothing. `now` is when it was there.
    void answered(call_outcome outcome, instant now);
    void file_read(file_outcome outcome, instant now);
    void program_ended(program_outcome outcome, instant now);

    /// After `chain_ended`, once. The lifetime counts from the moment before the chain began.
    std::expected<access_token, token_error> take();

    /// What was done so far, in order.
    std::vector<lookup_step> const& steps() const { return steps_; }

private:
    seconds server_time(instant now) const;
    answer_conditions conditions(instant now) const;

    void begin(instant now);
    void begin_source(instant now);
    void search_subject(instant now, bool again);
    void go_on(subject_search::need need, instant now);
    void exchange(subject_token subject, instant now);
    void call(token_call wanted, instant now);

    void source_answered(token_response const& response, instant now);
    void impersonation_answered(token_response const& response, instant now);
    bool try_other_subject(token_response const& response, instant now);
    bool try_self_signed(token_error const& error, instant now);
    void got(access_token token, instant now);
    void note(std::string place, std::string result);
    void fail(token_error error);

    chain_parts parts_;
    action next_ = chain_ended{};
    std::size_t stage_ = 0;                   ///< 0: the source; n: the nth account acted as
    instant asked_at_;                        ///< before what is being waited for began
    std::unique_ptr<subject_search> subject_; ///< while it is looked for
    secret last_subject_;                     ///< the one sent to the exchange
    std::optional<token_error> refused_; ///< why another one was looked for, which is done once
    bool from_kept_ = false;             ///< the token before this stage is not of this chain
    std::optional<std::expected<access_token, token_error>> outcome_;
    std::vector<lookup_step> steps_;
};

} // namespace vertex_relay::core::google
