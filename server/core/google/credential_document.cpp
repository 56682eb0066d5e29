#include "core/google/credential_document.hpp"

namespace vertex_relay::core::google {
namespace {

std::string_view fault_of(secret_object::member found) {
    return found == secret_object::member::absent       ? " is missing"
           : found == secret_object::member::wrong_type ? " is not a string"
                                                        : " is empty";
}

} // namespace

std::string write_again(std::string_view type) {
    if (type == "external_account") {
        return "Write the file again: `gcloud iam workload-identity-pools create-cred-config`.";
    }
    return "Write the file again: `" + std::string(login_command) +
           (type == "impersonated_service_account"       ? " --impersonate-service-account=EMAIL"
            : type == "external_account_authorized_user" ? " --login-config=FILE"
                                                         : "") +
           "`, or download the service account key again.";
}

std::unexpected<token_error> refuse(std::string_view what, std::string message) {
    return std::unexpected(permanent_error(credentials_refused(what, std::move(message))));
}

std::unexpected<token_error> refuse_member(document const& from, std::string_view name,
                                           std::string_view fault) {
    return refuse("bad_file", "Credential file " + from.origin + ": member \"" + std::string(name) +
                                  "\"" + std::string(fault) + ". " +
                                  write_again(from.json.text_or_empty("type")));
}

std::expected<std::string_view, token_error> required(document const& from, std::string_view name) {
    std::string_view value;
    auto found = from.json.text(name, value);
    if (found == secret_object::member::text && !value.empty()) {
        return value;
    }
    return refuse_member(from, name, fault_of(found));
}

std::expected<std::string_view, token_error> optional_text(document const& from,
                                                           std::string_view name) {
    std::string_view value;
    auto found = from.json.text(name, value);
    bool null = from.json.at(name).is_null();
    if (found == secret_object::member::wrong_type && !null) {
        return refuse_member(from, name, fault_of(found));
    }
    return value;
}

std::expected<token_address, token_error> read_address(document const& from, std::string_view name,
                                                       std::string_view otherwise) {
    auto url = optional_text(from, name);
    if (!url) {
        return std::unexpected(std::move(url.error()));
    }
    return permanently(parse_token_address(url->empty() ? otherwise : *url,
                                           from.origin + ": " + std::string(name), from.rules));
}

} // namespace vertex_relay::core::google
