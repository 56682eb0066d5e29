// What a scenario wants against what came of it.

#include "faults/fault_stage.hpp"
#include "net/relay_shape.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vertex_relay::tests {

namespace {

/// The error of a document, or the one that ends a stream; taken off the body.
std::string take_problem(std::string& body) {
    if (auto problem = problem_of(body)) {
        body.clear();
        return problem->code;
    }
    auto stream = stream_of(body);
    if (!stream.problem) {
        return {};
    }
    body.resize(body.size() - stream.rest.size() - stream.events.back().size());
    body += stream.rest;
    return stream.problem->code;
}

std::string judge_answer(outcome const& wanted, http_answer const& answer) {
    std::string wrong;
    auto body = answer.body;
    auto problem = problem_of(body);
    auto message = problem ? problem->message : std::string();
    auto code = take_problem(body);
    if (answer.status != wanted.status) {
        wrong += fmt::format("status {} instead of {}; ", answer.status, wanted.status);
    }
    if (code != wanted.code) {
        wrong += fmt::format("code '{}' instead of '{}'; ", code, wanted.code);
    }
    if (message.find(wanted.message) == message.npos) {
        wrong += fmt::format("the message is '{}'; ", message);
    }
    if (answer.complete != wanted.complete) {
        wrong += answer.complete ? "it ends cleanly; " : "it does not end cleanly; ";
    }
    if (wanted.body && body != *wanted.body) {
        wrong += fmt::format("the body is '{}'; ", body.substr(0, 1'000));
    }
    if (answer.status != 0 && answer.field("x-request-id").empty()) {
        wrong += "no x-request-id; ";
    }
    return wrong;
}

} // namespace

std::string judge(scenario const& one, http_answer const& answer, std::string_view log_lines) {
    auto const& wanted = one.wanted;
    auto wrong = judge_answer(wanted, answer);
    auto cause = !wanted.cause.empty() ? wanted.cause : wanted.code.empty() ? "ok" : wanted.code;
    auto status = wanted.logged != 0 ? wanted.logged : wanted.status;
    bool logged = std::ranges::count(log_lines, '\n') == 1;
    for (auto const& member :
         {fmt::format(R"("status":{},)", status), fmt::format(R"("cause":"{}",)", cause)}) {
        logged = logged && log_lines.find(member) != log_lines.npos;
    }
    if (!logged) {
        wrong += fmt::format("logged is not one line with {} {}, but '{}'", status, cause,
                             log_lines);
    }
    return wrong;
}

} // namespace vertex_relay::tests
