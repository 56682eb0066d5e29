#pragma once
// What the user gave us to prove who they are: one alternative per supported credential type.

#include "core/google/token_address.hpp"
#include "core/secret.hpp"

#include <cstdint>
#include <string>
#include <variant>

namespace vertex_relay::core::google {

/// `gcloud auth application-default login`.
struct authorized_user {
    std::string client_id;
    secret client_secret;
    secret refresh_token;
    token_address address;
};

/// A downloaded key. Outside the default universe it signs its own tokens and asks nobody.
struct service_account {
    std::string client_email;
    std::string private_key_id; ///< may be empty: then the assertion has no `kid`
    secret private_key;         ///< PEM with real line breaks, RSA of 2048 bits or more
    token_address address;
};

/// The machine's own identity on GCE, GKE, Cloud Run, Cloud Shell.
struct metadata_server {
    std::string host = "169.254.169.254"; ///< numeric: a broken resolver must not stall the start
    std::uint16_t port = 80;
    bool assumed = false; ///< the operator or the machine says it is there: no probe is needed
};

/// Other types become further alternatives: `make_grant` and `explain_refusal` are the only places
/// that look inside.
using credential_source = std::variant<authorized_user, service_account, metadata_server>;

struct credential {
    credential_source source;
    std::string origin;                                   ///< absolute path, or `metadata server`
    std::string account = {};                             ///< e-mail if known, for messages
    std::string project = {};                             ///< the file's `project_id`
    std::string quota_project = {};                       ///< the file's `quota_project_id`
    std::string universe_domain = std::string(default_universe); ///< metadata: io asks and sets it
};

/// `authorized_user`, `service_account` or `metadata server`.
std::string_view type_name(credential const& from);

/// `authorized_user from /path, account a@b`: the last line of every message. Holds no secret.
std::string describe(credential const& from);

/// A server may answer with a new refresh token; the old one may then stop working. Kept in memory
/// only, the file is never written. Does nothing for other types or an empty value.
void keep_rotated(credential& of, secret refresh_token);

} // namespace vertex_relay::core::google
