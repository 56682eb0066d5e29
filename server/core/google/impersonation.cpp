#include "core/google/impersonation.hpp"

#include "core/ascii.hpp"
#include "core/google/grant.hpp"
#include "core/google/refusal_facts.hpp"
#include "core/google/rfc3339.hpp"
#include "core/google/secret_json.hpp"
#include "core/json_text.hpp"

#include <algorithm>

namespace vertex_relay::core::google {
namespace {

constexpr std::string_view path_front = "/v1/projects/-/serviceAccounts/";
constexpr std::string_view path_back = ":generateAccessToken";

/// An e-mail address or a unique id, as it stands in a path.
bool is_account(std::string_view text) {
    auto allowed = [](char c) {
        return ascii::is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '@';
    };
    bool number = std::ranges::all_of(text, ascii::is_digit);
    return !text.empty() && text.size() <= 320 && std::ranges::all_of(text, allowed) &&
           (number || std::ranges::count(text, '@') == 1);
}

std::string call_body(impersonation const& as) {
    std::string json = "{";
    for (auto const& delegate : as.delegates) {
        json += json.size() == 1 ? R"("delegates":[)" : ",";
        append_json_string(json, delegate);
    }
    json += as.delegates.empty() ? "" : "],";
    json += R"("scope":[)" + json_string(cloud_platform_scope) + R"(],"lifetime":")" +
            std::to_string(as.lifetime.count()) + "s\"}";
    return json;
}

token_error explain_denied(refusal_facts const& facts, impersonation const& as) {
    if (facts.said.reason == "SERVICE_DISABLED") {
        return slow_refusal(facts, "iam_api_disabled",
                            "The IAM Credentials API is off: run `gcloud services enable "
                            "iamcredentials.googleapis.com` for the project that is named here.");
    }
    bool federated = std::holds_alternative<external_account>(facts.from.source);
    return slow_refusal(
        facts, "impersonation_denied",
        "The credential may not act as " + as.account +
            ", or that account does not exist: run `gcloud iam service-accounts "
            "add-iam-policy-binding " +
            as.account + " --member=MEMBER --role=" +
            (federated ? "roles/iam.workloadIdentityUser` for the principal of the pool"
                       : "roles/iam.serviceAccountTokenCreator` for the account before it") +
            " and allow 7 minutes.");
}

token_error explain(refusal_facts const& facts, impersonation const& as) {
    if (passes_by_itself(facts)) {
        return explain_passing(facts, "Google's IAM Credentials API");
    }
    switch (facts.response.status) {
    case 400:
        return permanent_refusal(
            facts, "impersonation_invalid",
            "Google refuses the request to act as " + as.account +
                ". A lifetime above 3600 s needs the policy "
                "constraints/iam.allowServiceAccountCredentialLifetimeExtension.");
    case 401:
        return slow_refusal(facts, "impersonation_refused",
                            "Google does not accept the token with which to act as " + as.account +
                                ".");
    case 403:
        return explain_denied(facts, as);
    case 404:
        return slow_refusal(facts, "impersonation_target_missing",
                            "The service account " + as.account +
                                " does not exist. List those that do with `gcloud iam "
                                "service-accounts list`.");
    default:
        return passing_refusal(facts, "Something other than Google's IAM Credentials API answered; "
                                      "is an intercepting proxy in the way?");
    }
}

} // namespace

result<impersonation> parse_impersonation(std::string_view url, std::string_view member,
                                          credential_rules const& rules) {
    auto address = parse_token_address(url, member, rules);
    if (!address) {
        return std::unexpected(std::move(address.error()));
    }
    std::string_view account = address->target;
    bool framed = account.starts_with(path_front) && account.ends_with(path_back) &&
                  account.size() > path_front.size() + path_back.size();
    if (framed) {
        account.remove_prefix(path_front.size());
        account.remove_suffix(path_back.size());
    }
    if (!framed || !is_account(account)) {
        return std::unexpected(credentials_refused(
            "bad_file", std::string(member) + " \"" + quoted_text(url) +
                            "\" is not https://iamcredentials.googleapis.com/v1/projects/-/"
                            "serviceAccounts/EMAIL:generateAccessToken. Create the file again."));
    }
    return impersonation{
        .account = std::string(account), .delegates = {}, .address = std::move(*address)};
}

void impersonate(credential& from, std::string_view accounts) {
    impersonation as;
    ascii::for_each_item(accounts, [&](std::string_view account) {
        if (as.account.empty()) {
            as.account = account;
        } else {
            as.delegates.insert(as.delegates.begin(), delegate_name(account));
        }
    });
    if (as.account.empty()) {
        return;
    }
    auto host = "iamcredentials." + from.universe_domain;
    auto target = std::string(path_front) + as.account + std::string(path_back);
    as.address = {.scheme = "https",
                  .host = host,
                  .port = 443,
                  .target = target,
                  .text = "https://" + host + target};
    from.acts_as.push_back(std::move(as));
}

std::string delegate_name(std::string_view account) {
    constexpr std::string_view prefix = "projects/-/serviceAccounts/";
    return account.starts_with("projects/") ? std::string(account)
                                            : std::string(prefix) + std::string(account);
}

token_call impersonation_call(impersonation const& as, secret const& token) {
    auto call = post_call(as.address, "application/json", secret(call_body(as)));
    std::string value;
    value.reserve(7 + token.reveal().size());
    value.append("Bearer ").append(token.reveal());
    call.secret_headers.emplace_back("Authorization", secret(std::move(value)));
    return call;
}

std::expected<access_token, token_error> read_impersonation_answer(credential const& from,
                                                                   impersonation const& as,
                                                                   token_response const& response,
                                                                   answer_conditions const& when) {
    auto body = response.body.reveal();
    if (body.size() > token_answer_bytes_max) {
        return std::unexpected(unexpected_answer(from, "is longer than 64 KiB"));
    }
    if (response.status != 200) {
        refusal_facts facts{from, response, when, parse_refusal(body)};
        return std::unexpected(explain(facts, as));
    }
    secret_json json(body);
    auto value = json.text_or_empty("accessToken");
    if (!is_token_text(value)) {
        return std::unexpected(unexpected_answer(from, "has no usable accessToken"));
    }
    auto expires = parse_rfc3339(json.text_or_empty("expireTime"));
    auto offset = clock_offset(response, when.wall_now).value_or(when.clock_offset);
    auto lifetime = expires.value_or(seconds{0}) - (when.wall_now + offset);
    if (!expires || lifetime <= seconds{0}) {
        return std::unexpected(unexpected_answer(from, "has no usable expireTime"));
    }
    return access_token{.value = secret(std::string(value)),
                        .lifetime = std::min(lifetime, token_lifetime_max)};
}

} // namespace vertex_relay::core::google
