#pragma once
// Drives a grant chain against a scripted world: what is called, read and run, and what comes back.

#include "core/google/grant_chain.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::test {

inline constexpr core::google::seconds captured_at{1767323045}; ///< 2026-01-02T03:04:05Z

struct chain_rig {
    explicit chain_rig(core::google::credential of) : from(std::move(of)) {}

    core::google::credential from;
    core::google::intermediate_tokens kept = {};
    core::google::grant_clock clock = {};
    core::google::environment variables = {};
    core::google::instant now = {.boot = core::google::seconds{1000}, .wall = captured_at};
    bool token_left = false;

    /// Answers a call; by default nobody does.
    std::function<core::google::call_outcome(core::google::token_call const&)> server = {};
    std::map<std::string, std::string> files = {}; ///< others do not exist
    std::function<core::google::program_outcome(core::google::run_program const&)> program = {};

    /// `POST https://host/path`, `read /path`, `run word …`, in order.
    std::vector<std::string> seen = {};
    std::vector<std::string> bodies = {}; ///< of the calls
    std::vector<std::string> authorizations = {};
    std::vector<core::google::lookup_step> steps = {};

    std::expected<core::google::access_token, core::google::token_error> run();

private:
    core::google::call_outcome call(core::google::token_call const& wanted);
    core::google::file_outcome read(std::string const& path);
    core::google::program_outcome execute(core::google::run_program const& wanted);
};

core::google::token_response answer(int status, std::string body);
core::google::token_response token_answer(std::string const& token, int lifetime = 3599);
core::google::token_response iam_answer(std::string const& token,
                                        std::string const& expires = "2026-01-02T04:04:05Z");
/// The value of a header, secret or not; empty if absent.
std::string header_of(core::google::token_call const& call, std::string_view name);

} // namespace vertex_relay::test
