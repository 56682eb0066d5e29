// The credential file of somebody who acts as a service account; its source may be any other type.

#include "core/google/credential_document.hpp"
#include "core/google/impersonation.hpp"

namespace vertex_relay::core::google {
namespace {

std::expected<impersonation, token_error> read_target(document const& from) {
    constexpr std::string_view member = "service_account_impersonation_url";
    auto url = required(from, member);
    if (!url) {
        return std::unexpected(std::move(url.error()));
    }
    auto as = parse_impersonation(*url, from.origin + ": " + std::string(member), from.rules);
    if (!as) {
        return std::unexpected(permanent_error(std::move(as.error())));
    }
    auto delegates = from.json.at("delegates");
    if (delegates.error() != simdjson::SUCCESS || delegates.is_null()) {
        return std::move(*as);
    }
    if (!delegates.is_array()) {
        return refuse_member(from, "delegates", " is not a list");
    }
    for (auto item : delegates.get_array().value_unsafe()) {
        std::string_view account;
        if (item.get_string().get(account) != simdjson::SUCCESS || account.empty()) {
            return refuse_member(from, "delegates", " holds something that is no account");
        }
        as->delegates.push_back(delegate_name(account));
    }
    return std::move(*as);
}

} // namespace

read_credential read_impersonated(document const& from, credential base) {
    constexpr std::string_view member = "source_credentials";
    auto target = read_target(from);
    if (!target) {
        return std::unexpected(std::move(target.error()));
    }
    auto source = from.json.object(member);
    if (!source) {
        return refuse_member(from, member, " is missing or no object");
    }
    if (from.depth >= impersonations_max) {
        return refuse("bad_file", "Credential file " + from.origin +
                                      " acts as more than three accounts, one after the other. "
                                      "Use `delegates` instead.");
    }
    auto found = read_any_type(
        {.json = *source, .origin = from.origin, .rules = from.rules, .depth = from.depth + 1});
    if (!found) {
        return found;
    }
    if (found->universe_domain != base.universe_domain) {
        return refuse("universe_mismatch", "Credential file " + from.origin + " is for universe " +
                                               base.universe_domain + ", its source for " +
                                               found->universe_domain +
                                               ". Write the file again in one of them.");
    }
    found->project.clear(); // of the source; the account acted as may live elsewhere
    found->quota_project = std::move(base.quota_project);
    found->acts_as.push_back(std::move(*target));
    return found;
}

} // namespace vertex_relay::core::google
