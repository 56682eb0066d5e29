#include "core/google/credential_file.hpp"

#include "core/google/credential_document.hpp"
#include "core/google/private_key.hpp"

#include <array>
#include <optional>

namespace vertex_relay::core::google {
namespace {

read_credential read_authorized_user(document const& from, credential base) {
    if (base.universe_domain != default_universe) {
        return refuse("universe_mismatch",
                      "Credential file " + from.origin + " is a user login for universe " +
                          base.universe_domain + ", but user logins exist only in " +
                          std::string(default_universe) + ". Use a service account key.");
    }
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
    auto address = read_address(from, "token_uri", default_token_address);
    if (!address) {
        return std::unexpected(std::move(address.error()));
    }
    base.account = quoted_text(from.json.text_or_empty("account"));
    base.source = authorized_user{.client_id = std::string(*client_id),
                                  .client_secret = secret(std::string(*client_secret)),
                                  .refresh_token = secret(std::string(*refresh_token)),
                                  .address = std::move(*address)};
    return base;
}

read_credential read_service_account(document const& from, credential base) {
    auto email = required(from, "client_email");
    if (!email) {
        return std::unexpected(std::move(email.error()));
    }
    auto key_text = required(from, "private_key");
    if (!key_text) {
        return std::unexpected(std::move(key_text.error()));
    }
    auto key = with_line_breaks(*key_text);
    if (auto checked = check_private_key(key); !checked) {
        return refuse("bad_key", "Credential file " + from.origin + ": private_key " +
                                     checked.error() +
                                     ". Download the key again, or fix how the file was copied "
                                     "or quoted.");
    }
    auto mode = base.universe_domain == default_universe ? from.rules.service_accounts
                                                         : account_mode::self_signed;
    token_address address;
    if (mode != account_mode::self_signed) { // else nobody is asked
        auto found = read_address(from, "token_uri", default_token_address);
        if (!found) {
            return std::unexpected(std::move(found.error()));
        }
        address = std::move(*found);
    }
    auto key_id = optional_text(from, "private_key_id");
    if (!key_id) {
        return std::unexpected(std::move(key_id.error()));
    }
    auto project = optional_text(from, "project_id");
    if (!project) {
        return std::unexpected(std::move(project.error()));
    }
    base.account = quoted_text(*email);
    base.project = *project;
    base.source = service_account{.client_email = std::string(*email),
                                  .private_key_id = std::string(*key_id),
                                  .private_key = std::move(key),
                                  .address = std::move(address),
                                  .mode = mode};
    return base;
}

read_credential refuse_type(document const& from, std::string_view type) {
    std::string file = "Credential file " + from.origin + ": ";
    if (type == "gdch_service_account") {
        return refuse("unsupported_type", file + "this key is for Google Distributed Cloud and "
                                                 "does not work with Vertex AI. Use a Google "
                                                 "Cloud login or service account key.");
    }
    std::string instead = " Use `" + std::string(login_command) +
                          "`, a service account key, or the metadata server.";
    return refuse("unsupported_type",
                  file + "unknown credential type \"" + quoted_text(type, 60) + "\"." + instead);
}

read_credential refuse_untyped(document const& from) {
    if (from.json.count("installed") + from.json.count("web") > 0) {
        return refuse("client_file", from.origin +
                                         " is an OAuth client file, not a login. Run `" +
                                         std::string(login_command) +
                                         " --client-id-file=" + from.origin +
                                         "` and use the file it writes.");
    }
    auto named = required(from, "type");
    return named ? refuse_type(from, *named) : read_credential(std::unexpected(named.error()));
}

struct type_reader {
    std::string_view type;
    read_credential (*read)(document const& from, credential base);
};
constexpr std::array<type_reader, 5> readers = {{
    {"authorized_user", read_authorized_user},
    {"service_account", read_service_account},
    {"impersonated_service_account", read_impersonated},
    {"external_account", read_external_account},
    {"external_account_authorized_user", read_workforce_user},
}};

std::optional<token_error> explain_shape(secret_json const& json, std::string_view text,
                                         std::string const& origin) {
    std::string_view fault;
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
        fault = " is empty";
    } else if (json.what() == secret_json::shape::not_json) {
        fault = " is not valid JSON";
    } else if (json.what() == secret_json::shape::not_object) {
        fault = " holds JSON that is not an object";
    } else {
        return std::nullopt;
    }
    return permanent_error(credentials_refused(
        "bad_file", "Credential file " + origin + std::string(fault) + ". " + write_again("")));
}

} // namespace

read_credential read_any_type(document const& from) {
    if (from.json.count("type") > 1) {
        return refuse("bad_file", "Credential file " + from.origin +
                                      " has the member \"type\" twice. " + write_again(""));
    }
    auto type = from.json.text_or_empty("type");
    if (type.empty()) {
        return refuse_untyped(from);
    }
    auto quota_project = optional_text(from, "quota_project_id");
    if (!quota_project) {
        return std::unexpected(std::move(quota_project.error()));
    }
    auto universe = optional_text(from, "universe_domain");
    if (!universe) {
        return std::unexpected(std::move(universe.error()));
    }
    credential base;
    base.origin = from.origin;
    base.quota_project = *quota_project;
    if (!universe->empty()) {
        base.universe_domain = *universe;
    }
    if (!is_domain(base.universe_domain)) {
        return refuse_member(from, "universe_domain", " is not a domain name");
    }
    for (auto const& [name, read] : readers) {
        if (type == name) {
            return read(from, std::move(base));
        }
    }
    return refuse_type(from, type);
}

std::expected<credential, token_error> parse_credential(std::string_view text,
                                                        std::string const& origin,
                                                        credential_rules const& rules) {
    secret_json json(text);
    if (auto bad = explain_shape(json, text, origin)) {
        return std::unexpected(std::move(*bad));
    }
    return read_any_type({.json = json, .origin = origin, .rules = rules});
}

} // namespace vertex_relay::core::google
