#pragma once
// Whether an answer is what was expected, and in one line what it was.

#include "core/conformance/check.hpp"
#include "core/conformance/observation.hpp"

#include <span>
#include <string>

namespace vertex_relay::core::conformance {

enum class outcome : std::uint8_t {
    held,    ///< everything expected was seen
    differs, ///< something else was
    refused, ///< access, quota or network stood in the way: says nothing about the question
    skipped, ///< not asked
};
std::string_view name_of(outcome what);

struct verdict {
    outcome what = outcome::skipped;
    std::string finding; ///< one line; may hold what identifies an account
};

/// `expected` is not empty.
verdict judge(std::span<expectation const> expected, answer_seen const& answer);

/// `the status 400`, for people.
std::string describe(expectation const& one);

} // namespace vertex_relay::core::conformance
