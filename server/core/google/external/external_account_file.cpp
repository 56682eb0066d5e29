// Credential files of federated identities: workloads, and people of a workforce pool.

#include "core/google/credential_document.hpp"
#include "core/google/external/exchange.hpp"
#include "core/google/external/source_document.hpp"
#include "core/google/impersonation.hpp"

namespace vertex_relay::core::google {
namespace {

constexpr std::int64_t lifetime_min = 600;
constexpr std::int64_t lifetime_max = 43'200;

/// A token server of the credential's universe when the file names none.
std::string default_exchange(credential const& base, external_account const& account) {
    bool mutual = std::holds_alternative<certificate_source>(account.source);
    return std::string(mutual ? "https://sts.mtls." : "https://sts.") + base.universe_domain +
           "/v1/token";
}

std::expected<void, token_error> read_user_project(document const& from,
                                                   external_account& account) {
    auto project = optional_text(from, "workforce_pool_user_project");
    if (!project) {
        return std::unexpected(std::move(project.error()));
    }
    if (!project->empty() && !is_workforce(account.audience)) {
        return refuse_member(from, "workforce_pool_user_project",
                             " is for workforce pools only, but `audience` is none");
    }
    account.user_project = *project;
    return {};
}

/// Without either of the two the exchange needs no client.
std::expected<void, token_error> read_client(document const& from, external_account& account) {
    auto id = optional_text(from, "client_id");
    if (!id) {
        return std::unexpected(std::move(id.error()));
    }
    auto password = optional_text(from, "client_secret");
    if (!password) {
        return std::unexpected(std::move(password.error()));
    }
    account.client_id = *id;
    account.client_secret = secret(std::string(*password));
    return {};
}

std::expected<external_account, token_error> read_account(document const& from,
                                                          credential const& base) {
    auto audience = required(from, "audience");
    if (!audience) {
        return std::unexpected(std::move(audience.error()));
    }
    auto type = required(from, "subject_token_type");
    if (!type) {
        return std::unexpected(std::move(type.error()));
    }
    auto source = read_subject_source(from);
    if (!source) {
        return std::unexpected(std::move(source.error()));
    }
    external_account account{.audience = std::string(*audience),
                             .subject_token_type = std::string(*type),
                             .address = {},
                             .source = std::move(*source)};
    if (auto read = read_client(from, account); !read) {
        return std::unexpected(std::move(read.error()));
    }
    auto address = read_address(from, "token_url", default_exchange(base, account));
    if (!address) {
        return std::unexpected(std::move(address.error()));
    }
    account.address = std::move(*address);
    if (auto read = read_user_project(from, account); !read) {
        return std::unexpected(std::move(read.error()));
    }
    return account;
}

std::expected<seconds, token_error> read_lifetime(document const& from) {
    auto options = from.json.object("service_account_impersonation");
    auto member = options
                      ? options->at("token_lifetime_seconds")
                      : simdjson::simdjson_result<simdjson::dom::element>(simdjson::NO_SUCH_FIELD);
    if (member.error() != simdjson::SUCCESS) {
        return impersonation{}.lifetime;
    }
    std::int64_t count = 0;
    bool number = member.get_int64().get(count) == simdjson::SUCCESS;
    if (!number || count < lifetime_min || count > lifetime_max) {
        return refuse_member(from, "service_account_impersonation.token_lifetime_seconds",
                             " is not a number from 600 to 43200");
    }
    return seconds{count};
}

/// The account to act as, if the file names one.
std::expected<void, token_error> read_impersonation(document const& from, credential& of) {
    constexpr std::string_view member = "service_account_impersonation_url";
    auto url = optional_text(from, member);
    if (!url) {
        return std::unexpected(std::move(url.error()));
    }
    if (url->empty()) {
        return {};
    }
    auto as = parse_impersonation(*url, from.origin + ": " + std::string(member), from.rules);
    if (!as) {
        return std::unexpected(permanent_error(std::move(as.error())));
    }
    auto lifetime = read_lifetime(from);
    if (!lifetime) {
        return std::unexpected(std::move(lifetime.error()));
    }
    as->lifetime = *lifetime;
    of.acts_as.push_back(std::move(*as));
    return {};
}

} // namespace

read_credential read_external_account(document const& from, credential base) {
    auto account = read_account(from, base);
    if (!account) {
        return std::unexpected(std::move(account.error()));
    }
    if (auto read = read_impersonation(from, base); !read) {
        return std::unexpected(std::move(read.error()));
    }
    base.project = account->user_project.empty() ? std::string(project_number_of(account->audience))
                                                 : account->user_project;
    base.source = std::move(*account);
    return base;
}

read_credential read_workforce_user(document const& from, credential base) {
    auto client_id = required(from, "client_id");
    if (!client_id) {
        return std::unexpected(std::move(client_id.error()));
    }
    auto client_secret = required(from, "client_secret");
    if (!client_secret) {
        return std::unexpected(std::move(client_secret.error()));
    }
    auto refresh_token = required(from, "refresh_token");
    if (!refresh_token) {
        return std::unexpected(std::move(refresh_token.error()));
    }
    auto address =
        read_address(from, "token_url", "https://sts." + base.universe_domain + "/v1/oauthtoken");
    if (!address) {
        return std::unexpected(std::move(address.error()));
    }
    base.source = workforce_user{.client_id = std::string(*client_id),
                                 .client_secret = secret(std::string(*client_secret)),
                                 .refresh_token = secret(std::string(*refresh_token)),
                                 .address = std::move(*address)};
    return base;
}

} // namespace vertex_relay::core::google
