#include "core/google/gcloud_program.hpp"

#include "core/google/rfc3339.hpp"
#include "core/google/secret_json.hpp"
#include "core/google/token_answer.hpp"

#include <algorithm>

namespace vertex_relay::core::google {
namespace {

constexpr milliseconds patience{30'000};

bool mentions(std::string_view text, std::string_view word) {
    return text.find(word) != std::string_view::npos;
}

token_error refused(credential const& from, std::string_view what, std::string text) {
    return slow_error(credentials_refused(what, std::move(text) + " (" + describe(from) + ")"));
}

/// gcloud's advice names the wrong login now and then: only the cause is taken from its words.
token_error explain(credential const& from, program_outcome const& outcome) {
    std::string_view said = outcome.errors;
    if (outcome.what == program_outcome::kind::not_found) {
        return refused(from, "gcloud_missing",
                       "google.credentials is \"gcloud\", but no gcloud is in PATH (relative "
                       "entries do not count). Install the Google Cloud CLI, or correct PATH.");
    }
    if (mentions(said, "eauthentication") || mentions(said, "invalid_rapt")) {
        return refused(from, "reauth_required",
                       "Your organisation requires signing in to gcloud again: run `gcloud auth "
                       "login`. The relay picks it up by itself, no restart.");
    }
    if (mentions(said, "invalid_grant")) {
        return refused(from, "revoked",
                       "gcloud's login was revoked or has expired: run `gcloud auth login`. The "
                       "relay picks it up by itself, no restart.");
    }
    if (mentions(said, "active account")) {
        return refused(from, "not_found",
                       "Nobody is signed in to gcloud: run `gcloud auth login`.");
    }
    auto words = redacted_text(said);
    return refused(from, "gcloud_failed",
                   "gcloud gives no token: it " + how_it_ended(outcome) +
                       (words.empty() ? "" : " (" + words + ")") +
                       ". Run `gcloud auth print-access-token` to see why.");
}

} // namespace

run_program gcloud_program() {
    return {.arguments = {"gcloud", "config", "config-helper", "--format=json", "--min-expiry=10m"},
            .variables = {{"CLOUDSDK_CORE_DISABLE_PROMPTS", "1"}},
            .timeout = patience};
}

std::expected<access_token, token_error>
read_gcloud_outcome(credential const& from, program_outcome const& outcome, seconds wall_now) {
    if (outcome.what != program_outcome::kind::exited || outcome.status != 0) {
        return std::unexpected(explain(from, outcome));
    }
    secret_json json(outcome.output.reveal());
    auto helper = json.object("credential").value_or(secret_object());
    auto value = helper.text_or_empty("access_token");
    auto expiry = helper.at("token_expiry");
    auto expires = parse_rfc3339(helper.text_or_empty("token_expiry"));
    bool undated = expiry.error() != simdjson::SUCCESS || expiry.is_null();
    auto lifetime = undated ? token_lifetime_unstated : expires.value_or(wall_now) - wall_now;
    if (!is_token_text(value) || lifetime <= seconds{0}) {
        return std::unexpected(refused(from, "gcloud_failed",
                                       "gcloud gives no usable token. Run `gcloud config "
                                       "config-helper --format=json` to see what it says."));
    }
    return access_token{.value = secret(std::string(value)),
                        .lifetime = std::min(lifetime, token_lifetime_max)};
}

} // namespace vertex_relay::core::google
