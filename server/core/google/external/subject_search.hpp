#pragma once
// Gets one subject token: says what it needs next until it has the token or must give up. One class
// for each kind of source.

#include "core/google/credential.hpp"
#include "core/google/credential_failure.hpp"
#include "core/google/environment.hpp"
#include "core/google/lookup_file.hpp"
#include "core/google/program.hpp"
#include "core/google/token_call.hpp"

#include <memory>
#include <variant>

namespace vertex_relay::core::google {

/// A proof of who we are elsewhere.
struct subject_token {
    secret text;
    std::shared_ptr<client_identity const> identity = {}; ///< to be shown at the exchange
};

class subject_search {
public:
    /// A file, call or program whose outcome is to be told; or the end.
    using need = std::variant<read_file, token_call, run_program, subject_token, token_error>;

    /// All of it outlives the search.
    struct context {
        credential const& from;
        external_account const& account; ///< of `from`
        environment const& variables;
        seconds now; ///< UTC since 1970 by the servers' clock
        bool again;  ///< the token of a moment ago was refused: take nothing that was stored
    };

    explicit subject_search(context const& given) : given_(given) {}
    virtual ~subject_search() = default;
    subject_search(subject_search const&) = delete;
    subject_search& operator=(subject_search const&) = delete;

    virtual need begin() = 0;
    /// Each answers what was asked for last; a search that never asks for one never hears of it.
    virtual need file_read(file_outcome const& outcome);
    virtual need answered(call_outcome const& outcome);
    virtual need program_ended(program_outcome const& outcome);

protected:
    context given_;
};

/// `given` is copied; what it refers to is not.
std::unique_ptr<subject_search> make_subject_search(subject_search::context const& given);

} // namespace vertex_relay::core::google
