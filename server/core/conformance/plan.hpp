#pragma once
// Which questions are asked, in which order, and what that can cost at most.

#include "core/conformance/check.hpp"

#include <cstddef>
#include <expected>
#include <span>
#include <string>
#include <vector>

namespace vertex_relay::core::conformance {

/// What the user wants of a run.
struct wishes {
    std::vector<std::string> only; ///< names of checks; empty: all but the dear ones
    std::string gemini = "google/gemini-3.5-flash";
    std::string open_model = "openai/gpt-oss-120b-maas";
    std::string painter = "google/gemini-3.1-flash-image";
    std::size_t max_tokens = 256;    ///< of each answer
    std::size_t call_seconds = 60;   ///< for one answer, connecting included
    std::string captures;            ///< a directory for captures; empty: none are written
    bool yes = false;                ///< do not ask
    bool list = false;               ///< print the checks, call nobody
    bool json = false;
};

struct planned_call {
    check const* what;
    way how;
};

struct plan {
    std::vector<planned_call> calls;
    std::vector<planned_call> skipped; ///< there is no endpoint among the aliases
    std::size_t input_tokens_max = 0;
    std::size_t output_tokens_max = 0;
};

/// The error names a check that does not exist, and the one that was meant perhaps, or what is no
/// model.
std::expected<plan, std::string> make_plan(wishes const& wanted, bool has_endpoint);

/// The body of one request. `model` empty: the member is left out.
std::string request_body(check const& what, std::string_view model, std::size_t max_tokens);

/// `74 calls to project …`, with the bound of the cost in tokens and dollars.
std::string describe_cost(plan const& made, std::string_view project);

/// One line a check, for `--list`.
std::string list_checks();

} // namespace vertex_relay::core::conformance
