#pragma once
// What came of a run, for people and for programs.

#include "core/conformance/plan.hpp"
#include "core/conformance/verdict.hpp"

#include <chrono>

namespace vertex_relay::core::conformance {

struct result_row {
    planned_call call;
    verdict said; ///< its finding is redacted
    unsigned status = 0; ///< 0: no answer
    std::chrono::milliseconds took{0};
};

/// `CHECK  WAY  VERDICT  FINDING`, one line.
std::string row_text(result_row const& row);

/// Counts, and what differs as an instruction: which note or repair to look at again.
std::string closing_text(std::vector<result_row> const& rows);

/// One document, ends with a newline.
std::string report_json(std::vector<result_row> const& rows);

/// 0: everything asked held; 1: something did not, or nothing was asked.
int exit_code_of(std::vector<result_row> const& rows);

} // namespace vertex_relay::core::conformance
