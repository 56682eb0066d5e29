#pragma once
// Asking models: which, with what, and what their answers say about the API, the role and the
// models themselves.

#include "core/doctor/check.hpp"
#include "core/vertex/route_table.hpp"

#include <span>

namespace vertex_relay::core::doctor {

/// One request to make.
struct model_question {
    std::string names; ///< what tools call it: `gpt-4o`, `a, b` for aliases of one target
    result<target> where; ///< a failure: the name leads nowhere
};

/// Every alias and pattern, and `default_model`; without aliases and default the first Gemini model
/// of the catalogue that is offered on `today` (`YYYY-MM-DD`). Each target once.
std::vector<model_question> models_to_ask(config const& settings, route_table const& routes,
                                          std::string_view today);

/// The body of a request that costs at most one token of an answer.
std::string one_token_body(target const& where);

struct model_outcome {
    model_question question;
    result<std::string> answer; ///< how long it took, or Google's or the connection's failure
};

/// What was learnt, in order: the API, the role, each model. `account` fills in for `MEMBER` in the
/// commands; it may be empty. No outcomes: `why` says why nobody was asked.
std::vector<check> model_checks(std::span<model_outcome const> outcomes, std::string_view account,
                                std::string_view why);

} // namespace vertex_relay::core::doctor
