#include "core/google/external/executable_search.hpp"

#include "core/google/external/subject_text.hpp"

namespace vertex_relay::core::google {
namespace {

constexpr std::string_view permission = "GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES";

token_error not_allowed(credential const& from, executable_source const& source) {
    return permanent_error(credentials_refused(
        "exec_not_allowed", "The credential file wants to run `" + quoted_text(source.command) +
                                "`: set " + std::string(permission) +
                                "=1 for the relay if you trust it. (" + describe(from) + ")"));
}

token_error failed(credential const& from, std::string text) {
    return slow_error(
        credentials_refused("exec_failed", std::move(text) + " (" + describe(from) + ")"));
}

std::string said(program_outcome const& outcome) {
    auto words = redacted_text(outcome.errors);
    return words.find_first_not_of(' ') == std::string::npos ? "" : ": " + words;
}

} // namespace

subject_search::need executable_search::begin() {
    if (given_.variables.get(permission) != "1") {
        return not_allowed(given_.from, source_);
    }
    if (source_.output_file.empty() || given_.again) {
        return run();
    }
    return read_file{.path = source_.output_file};
}

subject_search::need executable_search::file_read(file_outcome const& outcome) {
    if (outcome.what == file_outcome::kind::not_found) {
        return run();
    }
    if (outcome.what != file_outcome::kind::text) {
        return explain_source_file(given_.from, "output file", source_.output_file, outcome);
    }
    auto answer = read_executable_answer(outcome.text.reveal(), true, given_.now);
    switch (answer.what) {
    case executable_answer::kind::token:
        return subject_token{.text = std::move(answer.token)};
    case executable_answer::kind::malformed:
        if (outcome.text.reveal().find_first_not_of(" \t\r\n") != std::string_view::npos) {
            return failed(given_.from, "The output file " + quoted_text(source_.output_file) + " " +
                                           answer.fault + ". Remove it, or correct the program.");
        }
        break;
    case executable_answer::kind::refused:
    case executable_answer::kind::expired:
        break;
    }
    return run();
}

subject_search::need executable_search::run() {
    auto words = split_command(source_.command);
    if (!words) {
        return failed(given_.from, "The command of the credential file has an open quote, or no "
                                   "word at all. Correct `credential_source.executable.command`.");
    }
    program_ = {
        .arguments = std::move(*words),
        .variables = {{"GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE", given_.account.audience},
                      {"GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE", given_.account.subject_token_type},
                      {"GOOGLE_EXTERNAL_ACCOUNT_INTERACTIVE", "0"}},
        .timeout = source_.timeout};
    if (!given_.from.acts_as.empty()) {
        program_.variables.emplace_back("GOOGLE_EXTERNAL_ACCOUNT_IMPERSONATED_EMAIL",
                                        given_.from.acts_as.front().account);
    }
    if (!source_.output_file.empty()) {
        program_.variables.emplace_back("GOOGLE_EXTERNAL_ACCOUNT_OUTPUT_FILE", source_.output_file);
    }
    return program_;
}

subject_search::need executable_search::program_ended(program_outcome const& outcome) {
    auto name = "The " + name_of(program_);
    bool whole = outcome.what == program_outcome::kind::exited && outcome.status == 0;
    if (!whole) {
        return failed(given_.from, name + " " + how_it_ended(outcome) + said(outcome) +
                                       ". Run it by hand to see why.");
    }
    auto answer = read_executable_answer(outcome.output.reveal(), false, given_.now);
    if (answer.what != executable_answer::kind::token) {
        return failed(given_.from,
                      name + " " + answer.fault + said(outcome) + ". Run it by hand to see why.");
    }
    return subject_token{.text = std::move(answer.token)};
}

} // namespace vertex_relay::core::google
