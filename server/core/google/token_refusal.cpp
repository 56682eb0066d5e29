#include "core/google/token_refusal.hpp"

#include "core/google/external/exchange.hpp"
#include "core/google/program.hpp"
#include "core/google/refusal_facts.hpp"
#include "core/google/secret_json.hpp"

#include <cstdlib>

namespace vertex_relay::core::google {
namespace {

constexpr seconds metadata_start_up{60}; ///< GKE's server may need this long after the pod started
constexpr seconds offset_that_matters{30};

/// Google: "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable
/// timeframe. Check your iat and exp values in the JWT claim."
bool is_about_time(std::string_view description) {
    return description.find("timeframe") != std::string_view::npos ||
           description.find("short-lived") != std::string_view::npos;
}

token_error explain_time(refusal_facts const& facts) {
    auto offset = clock_offset(facts.response, facts.when.wall_now);
    auto known = facts.when.clock_offset;
    if (offset && std::chrono::abs(*offset - known) > offset_that_matters) {
        auto error = passing_refusal(facts, "This machine's clock differs from Google's by " +
                                                std::to_string(offset->count()) +
                                                " s; the relay corrects for it. Set the clock.");
        error.clock_skew = true;
        return error;
    }
    return permanent_refusal(
        facts, "clock_skew",
        "Google refused the times in the signed request, which happens when this "
        "machine's clock is wrong (offset now " +
            std::to_string(offset.value_or(known).count()) +
            " s). Synchronise it (WSL: `sudo hwclock -s`; Docker Desktop after sleep: "
            "restart its machine).");
}

token_error explain_user_grant(refusal_facts const& facts) {
    auto const& subtype = facts.said.subtype;
    if (subtype == "invalid_rapt" || subtype == "rapt_required") {
        return permanent_refusal(
            facts, "reauth_required",
            "Your organisation requires signing in again: run `gcloud auth "
            "application-default login` (with the same flags as before). The relay "
            "picks it up by itself, no restart. For unattended use take a service "
            "account or Workload Identity.");
    }
    return permanent_refusal(
        facts, "revoked",
        "The saved Google login was revoked or has expired (password change, 6 months "
        "unused, or a consent screen in Testing): run `gcloud auth "
        "application-default login`. The relay picks it up by itself, no restart.");
}

token_error explain_account_grant(refusal_facts const& facts, service_account const& account) {
    if (is_about_time(facts.said.description)) {
        return explain_time(facts);
    }
    auto key =
        account.private_key_id.empty() ? "The key" : "Key " + account.private_key_id.substr(0, 8);
    return permanent_refusal(
        facts, "key_invalid",
        key + " of " + account.client_email +
            " was deleted or disabled, or the account is gone. List them with `gcloud "
            "iam service-accounts keys list --iam-account=" +
            account.client_email + "` and download a new key.");
}

token_error explain_metadata(refusal_facts const& facts) {
    if (facts.response.status == 404) {
        if (facts.when.since_start < metadata_start_up) {
            return passing_refusal(facts,
                                   "The metadata server has no service account yet; GKE's may "
                                   "need a minute after a pod starts.");
        }
        return slow_refusal(
            facts, "no_service_account",
            "No service account is attached to this machine or service, or Workload "
            "Identity is off on the node pool. Attach one with the cloud-platform scope.");
    }
    return slow_refusal(
        facts, "metadata_refused",
        "The metadata server gives this workload no token. On GKE, bind and annotate its "
        "Kubernetes service account and do not use hostNetwork.");
}

token_error explain_oauth(refusal_facts const& facts) {
    auto const& error = facts.said.error;
    if (error == "invalid_grant") {
        auto const* account = std::get_if<service_account>(&facts.from.source);
        return account != nullptr ? explain_account_grant(facts, *account)
                                  : explain_user_grant(facts);
    }
    if (error == "invalid_client" || error == "unauthorized_client" || error == "deleted_client") {
        return permanent_refusal(
            facts, "client_invalid",
            "Google does not know the client of this login, or its secret is wrong: "
            "run `gcloud auth application-default login` to write the file again.");
    }
    if (error == "access_denied") {
        return permanent_refusal(
            facts, "access_denied",
            "Google denies this account access here (context-aware access or another "
            "policy of your organisation). Ask its administrator, or use a service "
            "account.");
    }
    if (error == "invalid_scope") {
        return permanent_refusal(facts, "invalid_scope",
                                 "The login does not cover Google Cloud: run `gcloud auth "
                                 "application-default login` without --scopes, or include "
                                 "https://www.googleapis.com/auth/cloud-platform.");
    }
    auto status = facts.response.status;
    if (status == 401 || status == 403 || status == 404 || status == 407) {
        return slow_refusal(facts, "refused",
                            status == 407 ? "A proxy on the way wants a password."
                                          : "Google's token server refuses this account or its "
                                            "organisation's policy does. Check that the account is "
                                            "enabled.");
    }
    if (error.empty()) { // a login page, a redirect: not Google's words
        return passing_refusal(facts,
                               "Something other than Google's token server answered; is a captive "
                               "portal or an intercepting proxy in the way?");
    }
    return permanent_refusal(facts, "refused",
                             "Google's token server refuses the request: run `gcloud auth "
                             "application-default login`, or download the key again.");
}

/// google.rpc.ErrorInfo, which stands anywhere among the details.
std::string_view reason_of(secret_json const& json) {
    simdjson::dom::array details;
    std::string_view reason;
    if (json.at("error").at_key("details").get_array().get(details) != simdjson::SUCCESS) {
        return reason;
    }
    for (auto detail : details) {
        if (detail.at_key("reason").get_string().get(reason) == simdjson::SUCCESS) {
            break;
        }
    }
    return reason;
}

} // namespace

token_refusal parse_refusal(std::string_view body) {
    secret_json json(body);
    // Redacted: a server that repeats the request would tell refresh tokens and client secrets.
    token_refusal said{.error = quoted_text(redacted_text(json.text_or_empty("error")), 80),
                       .subtype = quoted_text(json.text_or_empty("error_subtype"), 80),
                       .description = redacted_text(json.text_or_empty("error_description"))};
    std::string_view text;
    if (json.at("error").at_key("status").get_string().get(text) == simdjson::SUCCESS) {
        said.error = quoted_text(redacted_text(text), 80); // the shape of Google's other APIs
    }
    if (json.at("error").at_key("message").get_string().get(text) == simdjson::SUCCESS) {
        said.description = redacted_text(text);
    }
    said.reason = quoted_text(reason_of(json), 80);
    return said;
}

token_error explain_refusal(credential const& from, token_response const& response,
                            answer_conditions const& when) {
    refusal_facts facts{from, response, when, parse_refusal(response.body.reveal())};
    if (std::holds_alternative<external_account>(from.source)) {
        return explain_exchange_refusal(facts);
    }
    bool metadata = std::holds_alternative<metadata_server>(from.source);
    if (passes_by_itself(facts)) {
        return explain_passing(facts, metadata ? "The metadata server" : "Google's token server");
    }
    return metadata ? explain_metadata(facts) : explain_oauth(facts);
}

} // namespace vertex_relay::core::google
