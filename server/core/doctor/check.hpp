#pragma once
// One thing that `doctor` looked at, and what to do if it is not well.

#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::core::doctor {

enum class verdict : unsigned char {
    good,
    failed,
    skipped, ///< could not be told, or was not asked for
};

struct check {
    std::string name; ///< `credentials`, `model gpt-4o`
    verdict outcome = verdict::good;
    std::string found;               ///< one sentence; a failed one may say what to do
    std::string remedy = {};         ///< the command to run, or what to change; empty: see `found`
    std::vector<std::string> steps = {}; ///< how it was found, in order
};

/// A check that failed with a sentence of the relay's own: the remedy is the command in it.
check failed_check(std::string name, std::string message);

/// The command a sentence tells to run: what stands in the first backticks and is a command, else
/// from `gcloud ` to the end. Empty if there is none.
std::string command_in(std::string_view message);

} // namespace vertex_relay::core::doctor
