#pragma once
// Reading the members of a credential file, with failures that name the member. For the .cpp files
// that read one type each.

#include "core/google/credential.hpp"
#include "core/google/credential_failure.hpp"
#include "core/google/secret_json.hpp"

#include <expected>
#include <string>
#include <string_view>

namespace vertex_relay::core::google {

/// One object of a credential file: the root, or a `source_credentials` in it.
struct document {
    secret_object json;
    std::string const& origin; ///< path of the file
    credential_rules const& rules;
    std::size_t depth = 0; ///< how many objects this one is in
};

/// What reading one type makes of the members all types share, which are in it already.
using read_credential = std::expected<credential, token_error>;

inline constexpr std::string_view login_command = "gcloud auth application-default login";

/// The sentence that says how a file of this type is made.
std::string write_again(std::string_view type);

/// Permanent `google_credentials_` + `what`.
std::unexpected<token_error> refuse(std::string_view what, std::string message);

/// `google_credentials_bad_file` about one member: `fault` is ` is missing`.
std::unexpected<token_error> refuse_member(document const& from, std::string_view name,
                                           std::string_view fault);

/// A text that must be there.
std::expected<std::string_view, token_error> required(document const& from, std::string_view name);

/// A text that may be missing or null: then empty.
std::expected<std::string_view, token_error> optional_text(document const& from,
                                                           std::string_view name);

/// The token server of member `name`, or of `otherwise` if there is no such member.
std::expected<token_address, token_error> read_address(document const& from, std::string_view name,
                                                       std::string_view otherwise);

/// A 400 as a permanent failure.
template <class T>
std::expected<T, token_error> permanently(result<T> checked) {
    if (!checked) {
        return std::unexpected(permanent_error(std::move(checked.error())));
    }
    return std::move(*checked);
}

/// `external_account` and `external_account_authorized_user`.
read_credential read_external_account(document const& from, credential base);
read_credential read_workforce_user(document const& from, credential base);

/// `impersonated_service_account`, whose `source_credentials` are read in turn.
read_credential read_impersonated(document const& from, credential base);

/// One object of any type.
read_credential read_any_type(document const& from);

} // namespace vertex_relay::core::google
