#include "core/google/external/exchange.hpp"

#include "core/google/form.hpp"
#include "core/google/grant.hpp"
#include "core/json_text.hpp"

namespace vertex_relay::core::google {
namespace {

constexpr std::string_view audience_front = "//iam.googleapis.com/";

/// Where its providers are managed.
std::string pools_command(external_account const& account) {
    return is_workforce(account.audience) ? "gcloud iam workforce-pools"
                                          : "gcloud iam workload-identity-pools";
}

/// Why a subject token did not do, and what renews it.
struct stale_advice {
    external_account const& account;

    std::string operator()(file_source const& source) const {
        return "The subject token in " + quoted_text(source.path) +
               " is too old or not for this provider: does the kubelet or agent still renew it, "
               "and is its audience that of the provider? `" +
               pools_command(account) + " providers describe` shows it.";
    }
    std::string operator()(url_source const& source) const {
        return "The subject token from " + quoted_text(source.address.host) +
               " is too old or not for this provider.";
    }
    std::string operator()(executable_source const&) const {
        return "The subject token that the program gave is too old or not for this provider.";
    }
    std::string operator()(aws_source const&) const {
        return "AWS does not accept the signed request: the keys may have expired, or this "
               "machine's clock is wrong.";
    }
    std::string operator()(certificate_source const&) const {
        return "Google does not accept the certificate: renew it, and compare its authority with "
               "`" +
               pools_command(account) + " providers describe`.";
    }
};

bool mentions(std::string_view text, std::string_view word) {
    return text.find(word) != std::string_view::npos;
}

token_error explain_oauth_word(refusal_facts const& facts, external_account const& account) {
    auto const& error = facts.said.error;
    if (error == "invalid_grant") {
        return slow_refusal(facts, "wif_stale_token",
                            std::visit(stale_advice{account}, account.source));
    }
    if (error == "unauthorized_client" || error == "access_denied") {
        return slow_refusal(facts, "wif_condition",
                            "The attribute condition of the provider rejects this identity: "
                            "compare the token's claims with `" +
                                pools_command(account) + " providers describe`.");
    }
    if (error == "invalid_target") {
        return slow_refusal(facts, "wif_target",
                            "The pool or provider " + quoted_text(account.audience) +
                                " is disabled or deleted: `" + pools_command(account) +
                                " providers list --show-deleted` shows its state.");
    }
    if (error == "invalid_client") {
        return permanent_refusal(facts, "client_invalid",
                                 "Google does not know the client of this credential file, or its "
                                 "secret is wrong. Create the file again.");
    }
    bool about_audience = mentions(facts.said.description, "audience");
    return permanent_refusal(
        facts, about_audience ? "wif_audience" : "refused",
        about_audience ? "The audience of the credential file must be the whole "
                         "//iam.googleapis.com/projects/NUMBER/..., with the project's number: "
                         "create it again with `" +
                             pools_command(account) + " create-cred-config`."
                       : "Google's token exchange refuses the request: create the credential file "
                         "again with `" +
                             pools_command(account) + " create-cred-config`.");
}

} // namespace

token_call exchange_call(credential const& from, external_account const& account,
                         subject_token const& subject) {
    auto text = subject.text.reveal();
    form fields(text.size() + account.audience.size() + account.subject_token_type.size() +
                account.user_project.size());
    fields.add("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
        .add("audience", account.audience)
        .add("scope", from.acts_as.empty() ? cloud_platform_scope : iam_scope)
        .add("requested_token_type", "urn:ietf:params:oauth:token-type:access_token")
        .add("subject_token", text)
        .add("subject_token_type", account.subject_token_type);
    if (!account.user_project.empty() && account.client_id.empty()) {
        fields.add("options", R"({"userProject":)" + json_string(account.user_project) + "}");
    }
    auto call = post_call(account.address, form_type, fields.take());
    call.identity = subject.identity;
    if (!account.client_id.empty() && !account.client_secret.empty()) {
        authenticate_client(call, account.client_id, account.client_secret);
    }
    return call;
}

bool is_stale_subject(token_response const& response) {
    return response.status != 200 && parse_refusal(response.body.reveal()).error == "invalid_grant";
}

token_error explain_exchange_refusal(refusal_facts const& facts) {
    auto const& account = std::get<external_account>(facts.from.source);
    auto status = facts.response.status;
    if (passes_by_itself(facts)) {
        return explain_passing(facts, "Google's token exchange");
    }
    if (facts.said.error.empty() && status != 403) { // a login page, a redirect: not Google's words
        return passing_refusal(facts, "Something other than Google's token exchange answered; is "
                                      "an intercepting proxy in the way?");
    }
    if (status == 403 || status == 404) {
        return slow_refusal(facts, "refused",
                            "Google's token exchange refuses this identity: is the Security Token "
                            "Service API on (`gcloud services enable sts.googleapis.com`), and "
                            "does a policy of the organisation allow the pool?");
    }
    return explain_oauth_word(facts, account);
}

bool is_workforce(std::string_view audience) {
    constexpr std::string_view front = "locations/";
    if (!audience.starts_with(audience_front)) {
        return false;
    }
    audience.remove_prefix(audience_front.size());
    auto slash =
        audience.starts_with(front) ? audience.find('/', front.size()) : std::string_view::npos;
    return slash != std::string_view::npos && slash > front.size() &&
           audience.substr(slash).starts_with("/workforcePools/");
}

std::string_view project_number_of(std::string_view audience) {
    constexpr std::string_view front = "projects/";
    if (!audience.starts_with(audience_front)) {
        return {};
    }
    audience.remove_prefix(audience_front.size());
    if (!audience.starts_with(front)) {
        return {};
    }
    audience.remove_prefix(front.size());
    auto number = audience.substr(0, audience.find('/'));
    bool digits = number.find_first_not_of("0123456789") == std::string_view::npos;
    return digits ? number : std::string_view();
}

} // namespace vertex_relay::core::google
