#pragma once
// What the user gave us to prove who they are: one alternative per supported credential type, and
// the service accounts to act as from there.

#include "core/google/external/external_account.hpp"
#include "core/google/token_address.hpp"
#include "core/secret.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace vertex_relay::core::google {

/// `gcloud auth application-default login`.
struct authorized_user {
    std::string client_id;
    secret client_secret;
    secret refresh_token;
    token_address address;
};

/// A downloaded key. Outside the default universe it always signs its own tokens.
struct service_account {
    std::string client_email;
    std::string private_key_id; ///< may be empty: then the assertion has no `kid`
    secret private_key;         ///< PEM with real line breaks, RSA of 2048 bits or more
    token_address address;
    account_mode mode = account_mode::exchange;
};

/// The machine's own identity on GCE, GKE, Cloud Run, Cloud Shell.
struct metadata_server {
    std::string host = "169.254.169.254"; ///< numeric: a broken resolver must not stall the start
    std::uint16_t port = 80;
    bool assumed = false; ///< the operator or the machine says it is there: no probe is needed
};

/// `gcloud auth application-default login` of a workforce pool (external_account_authorized_user).
struct workforce_user {
    std::string client_id;
    secret client_secret;
    secret refresh_token;
    token_address address;
};

/// gcloud's own login, which is not Application Default Credentials: asked for by running gcloud.
struct gcloud_login {};

/// `make_grant`, `explain_refusal` and `grant_chain` are the only places that look inside.
using credential_source = std::variant<authorized_user, service_account, metadata_server,
                                       external_account, workforce_user, gcloud_login>;

/// A service account to act as (`generateAccessToken` of the IAM Credentials API).
struct impersonation {
    std::string account;                ///< its e-mail address or unique id
    std::vector<std::string> delegates; ///< `projects/-/serviceAccounts/…`, nearest to us first
    token_address address;
    seconds lifetime{3600}; ///< asked for; more needs a policy of the organisation
};

inline constexpr std::size_t impersonations_max = 3; ///< one file inside the other

struct credential {
    credential_source source;
    std::string origin;            ///< absolute path, `metadata server` or `gcloud`
    std::string account = {};      ///< e-mail of the source if known, for messages
    std::string project = {};      ///< the file's `project_id`, or the pool's number
    std::string quota_project = {}; ///< the file's `quota_project_id`
    std::string universe_domain = std::string(default_universe); ///< metadata: io asks and sets it
    std::vector<impersonation> acts_as = {}; ///< one after the other, each with the token before
};

/// `authorized_user`, `service_account`, `metadata server` …
std::string_view type_name(credential const& from);

/// `authorized_user from /path, account a@b, acting as c@d`: the last line of every message. Holds
/// no secret.
std::string describe(credential const& from);

/// Whether no token server is asked, by setting or because the universe has none.
bool signs_own_tokens(credential const& from);

/// The account that Vertex sees, as far as it is known.
std::string const& acting_account(credential const& from);

/// A server may answer with a new refresh token; the old one may then stop working. Kept in memory
/// only, the file is never written. Does nothing for other types or an empty value.
void keep_rotated(credential& of, secret refresh_token);

} // namespace vertex_relay::core::google
