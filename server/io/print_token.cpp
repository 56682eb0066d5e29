#include "io/print_token.hpp"

#include "core/json_text.hpp"
#include "io/run_alone.hpp"
#include "io/token_trial.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <cstdio>
#include <string>

namespace vertex_relay::io {

namespace {

using namespace core::google;

constexpr auto patience = std::chrono::seconds(180); ///< a program may take two minutes

void explain_search(token_trial const& done) {
    for (auto const& step : done.search.places.steps()) {
        fmt::print(stderr, "{}: {}\n", step.place, step.result);
    }
    auto const& from = done.grants.from;
    if (auto doubt = from ? doubt_about(*from, done.search.variables) : ""; !doubt.empty()) {
        fmt::print(stderr, "{}\n", doubt);
    }
    for (auto const& step : done.grants.steps) {
        fmt::print(stderr, "{}: {}\n", step.place, step.result);
    }
    if (!from) {
        return;
    }
    fmt::print(stderr, "project: {} ({})\n",
               done.project.value.empty() ? "none" : done.project.value,
               done.project.origin.empty() ? "nothing names one" : done.project.origin);
    if (done.token) {
        fmt::print(stderr, "token: {} s left, from {}{}\n", done.token->lifetime.count(),
                   describe(*from),
                   done.token->note.empty() ? "" : ", " + done.token->note);
    }
}

/// Strings that are empty become null, so that programs can tell them apart.
std::string json_or_null(std::string const& text) {
    return text.empty() ? std::string("null") : core::json_string(text);
}

std::string as_json(token_trial const& done) {
    auto const& from = *done.grants.from;
    return fmt::format(
        R"({{"access_token":{},"expires_in":{},"token_type":"Bearer","project":{},)"
        R"("quota_project":{},"account":{},"source":{}}})",
        core::json_string(done.token->value.reveal()), done.token->lifetime.count(),
        json_or_null(done.project.value), json_or_null(done.quota_project().value),
        json_or_null(acting_account(from)), core::json_string(describe(from)));
}

void write_line(std::string line) {
    line += '\n';
    std::fwrite(line.data(), 1, line.size(), stdout);
    OPENSSL_cleanse(line.data(), line.size());
}

} // namespace

int print_token(core::config const& settings, environment const& variables,
                print_token_options options) {
    auto through = core::proxy_rules::from(variables);
    if (!through) {
        fmt::print(stderr, "vertex-relay: {}\n", through.error());
        return 2;
    }
    if (auto line = through->text(); options.explain && !line.empty()) {
        fmt::print(stderr, "network: {}\n", line);
    }
    token_trial done(settings, variables);
    auto begin = [&done](fiber& sleeper, connector& connects) {
        return run_trial(sleeper, connects, done);
    };
    run_alone(settings, std::move(*through), patience, begin);
    if (options.explain) {
        explain_search(done);
    }
    if (!done.token) {
        std::string_view message = done.token.error().failure.message;
        fmt::print(stderr, "vertex-relay: {}\n",
                   options.explain ? without_places(message) : message);
        return 1;
    }
    if (options.explain) {
        return 0; // people show this to others
    }
    write_line(options.json ? as_json(done) : std::string(done.token->value.reveal()));
    return 0;
}

} // namespace vertex_relay::io
