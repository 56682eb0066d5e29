#include "core/google/credential_file.hpp"

#include "core/google/private_key.hpp"
#include "core/google/secret_json.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace vertex_relay::core::google {
namespace {

using parsed = std::expected<credential, token_error>;

constexpr std::string_view login_command = "gcloud auth application-default login";

struct document {
    secret_json const& json;
    std::string const& origin;
    credential_rules const& rules;
};

std::unexpected<token_error> refuse(std::string_view what, std::string message) {
    return std::unexpected(permanent_error(credentials_refused(what, std::move(message))));
}

std::string write_again() {
    return "Write the file again: `" + std::string(login_command) +
           "`, or download the service account key again.";
}

/// A required string; the error names the member.
std::expected<std::string_view, token_error> required(document const& from,
                                                      std::string_view name) {
    std::string_view value;
    auto found = from.json.text(name, value);
    if (found == secret_json::member::text && !value.empty()) {
        return value;
    }
    auto fault = found == secret_json::member::absent       ? " is missing. "
                 : found == secret_json::member::wrong_type ? " is not a string. "
                                                            : " is empty. ";
    return refuse("bad_file", "Credential file " + from.origin + ": member \"" +
                                  std::string(name) + "\"" + fault + write_again());
}

std::expected<token_address, token_error> find_token_address(document const& from) {
    std::string_view url;
    auto found = from.json.text("token_uri", url);
    if (found == secret_json::member::wrong_type) {
        return refuse("bad_file", "Credential file " + from.origin +
                                      ": member \"token_uri\" is not a string. " + write_again());
    }
    auto address = parse_token_address(url.empty() ? default_token_address : url,
                                       from.origin + ": token_uri", from.rules);
    if (!address) {
        return std::unexpected(permanent_error(std::move(address.error())));
    }
    return std::move(*address);
}

parsed parse_authorized_user(document const& from, credential base) {
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
    auto address = find_token_address(from);
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

parsed parse_service_account(document const& from, credential base) {
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
    token_address address;
    if (base.universe_domain == default_universe) { // elsewhere nobody is asked
        auto found = find_token_address(from);
        if (!found) {
            return std::unexpected(std::move(found.error()));
        }
        address = std::move(*found);
    }
    base.account = quoted_text(*email);
    base.project = from.json.text_or_empty("project_id");
    base.source = service_account{.client_email = std::string(*email),
                                  .private_key_id =
                                      std::string(from.json.text_or_empty("private_key_id")),
                                  .private_key = std::move(key),
                                  .address = std::move(address)};
    return base;
}

/// The types Google documents that have no alternative in `credential_source` yet.
constexpr std::array<std::string_view, 3> types_to_come = {
    "impersonated_service_account", "external_account", "external_account_authorized_user"};

parsed refuse_type(document const& from, std::string_view type) {
    std::string file = "Credential file " + from.origin + ": ";
    if (type == "gdch_service_account") {
        return refuse("unsupported_type", file + "this key is for Google Distributed Cloud and "
                                                 "does not work with Vertex AI. Use a Google "
                                                 "Cloud login or service account key.");
    }
    std::string instead = " Use `" + std::string(login_command) +
                          "`, a service account key, or the metadata server.";
    if (std::ranges::find(types_to_come, type) != types_to_come.end()) {
        return refuse("unsupported_type", file + "credential type " + std::string(type) +
                                              " is not supported yet." + instead);
    }
    return refuse("unsupported_type",
                  file + "unknown credential type \"" + quoted_text(type, 60) + "\"." + instead);
}

parsed refuse_untyped(document const& from) {
    if (from.json.count("installed") + from.json.count("web") > 0) {
        return refuse("client_file", from.origin +
                                         " is an OAuth client file, not a login. Run `" +
                                         std::string(login_command) +
                                         " --client-id-file=" + from.origin +
                                         "` and use the file it writes.");
    }
    auto named = required(from, "type");
    return named ? refuse_type(from, *named) : parsed(std::unexpected(named.error()));
}

std::optional<token_error> explain_shape(secret_json const& json, std::string_view text,
                                         std::string const& origin) {
    std::string file = "Credential file " + origin;
    std::string fault;
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
        fault = " is empty. ";
    } else if (json.what() == secret_json::shape::not_json) {
        fault = " is not valid JSON. ";
    } else if (json.what() == secret_json::shape::not_object) {
        fault = " holds JSON that is not an object. ";
    } else if (json.count("type") > 1) {
        fault = " has the member \"type\" twice. ";
    } else {
        return std::nullopt;
    }
    return permanent_error(credentials_refused("bad_file", file + fault + write_again()));
}

} // namespace

std::expected<credential, token_error> parse_credential(std::string_view text,
                                                        std::string const& origin,
                                                        credential_rules const& rules) {
    secret_json json(text);
    if (auto bad = explain_shape(json, text, origin)) {
        return std::unexpected(std::move(*bad));
    }
    document from{json, origin, rules};
    std::string_view type;
    if (json.text("type", type) != secret_json::member::text || type.empty()) {
        return refuse_untyped(from);
    }
    credential base;
    base.origin = origin;
    base.quota_project = json.text_or_empty("quota_project_id");
    auto universe = json.text_or_empty("universe_domain");
    if (!universe.empty()) {
        base.universe_domain = universe;
    }
    if (!is_domain(base.universe_domain)) {
        return refuse("bad_file", "Credential file " + origin +
                                      ": member \"universe_domain\" is not a domain name. " +
                                      write_again());
    }
    if (type == "authorized_user") {
        return parse_authorized_user(from, std::move(base));
    }
    if (type == "service_account") {
        return parse_service_account(from, std::move(base));
    }
    return refuse_type(from, type);
}

} // namespace vertex_relay::core::google
