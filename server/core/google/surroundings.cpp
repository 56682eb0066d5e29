#include "core/google/surroundings.hpp"

#include <fmt/format.h>

namespace vertex_relay::core::google {

found_setting find_location(std::string_view configured, environment const& variables) {
    if (!configured.empty()) {
        return {std::string(configured), "google.location"};
    }
    for (std::string_view name :
         {"GOOGLE_CLOUD_LOCATION", "CLOUD_ML_REGION", "GOOGLE_CLOUD_REGION"}) {
        if (auto value = variables.get(name); !value.empty()) {
            return {std::string(value), std::string(name)};
        }
    }
    return {"global", "default"};
}

found_setting find_quota_project(std::string_view configured, environment const& variables,
                                 credential const& from) {
    if (configured == "none") {
        return {"", "google.quota_project"};
    }
    if (!configured.empty()) {
        return {std::string(configured), "google.quota_project"};
    }
    constexpr std::string_view name = "GOOGLE_CLOUD_QUOTA_PROJECT";
    if (auto value = variables.get(name); !value.empty()) {
        return {std::string(value), std::string(name)};
    }
    return from.quota_project.empty() ? found_setting{}
                                      : found_setting{from.quota_project, from.origin};
}

std::string doubt_about(credential const& from, environment const& variables) {
    bool of_node = std::holds_alternative<metadata_server>(from.source) &&
                   from.account.ends_with("-compute@developer.gserviceaccount.com");
    return of_node && variables.has("KUBERNETES_SERVICE_HOST")
               ? "The pod uses its node's account: it runs with hostNetwork, or its Kubernetes "
                 "service account is not bound to a Google one (`kubectl annotate serviceaccount "
                 "NAME iam.gke.io/gcp-service-account=EMAIL`)."
               : "";
}

std::expected<found_setting, token_error> settle_universe(std::string_view configured,
                                                          environment const& variables,
                                                          credential const& from) {
    constexpr std::string_view variable = "GOOGLE_CLOUD_UNIVERSE_DOMAIN";
    found_setting wanted{from.universe_domain, from.origin};
    if (!configured.empty()) {
        wanted = {std::string(configured), "google.universe_domain"};
    } else if (auto value = variables.get(variable); !value.empty()) {
        wanted = {std::string(value), std::string(variable)};
    }
    if (wanted.value != from.universe_domain) {
        return std::unexpected(permanent_error(credentials_refused(
            "universe_mismatch",
            wanted.origin + " says universe " + quoted_text(wanted.value) +
                ", but the credential belongs to " + from.universe_domain + " (" + describe(from) +
                "). Correct the setting, or use a credential of that universe.")));
    }
    return wanted;
}

std::optional<core::failure> universe_mismatch(std::string_view of_credential,
                                               std::string_view of_hosts) {
    if (of_credential.empty() || of_credential == of_hosts) {
        return std::nullopt;
    }
    return credentials_refused("universe_mismatch",
                               fmt::format("The credentials belong to {0}, the configured hosts to "
                                           "{1}: set google.universe_domain = \"{0}\".",
                                           of_credential, of_hosts));
}

} // namespace vertex_relay::core::google
