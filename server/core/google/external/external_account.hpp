#pragma once
// Workload and workforce identity federation (google.aip.dev/auth/4117): who we are elsewhere is
// proved by a subject token, which Google's Security Token Service takes in exchange.

#include "core/google/instant.hpp"
#include "core/google/token_address.hpp"
#include "core/secret.hpp"

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace vertex_relay::core::google {

/// How a subject token stands in a text.
struct subject_format {
    std::string member = {}; ///< of a JSON object; empty: the text is the token
};

/// Read at every refresh: a projected token changes under the same path.
struct file_source {
    std::string path;
    subject_format format;
};

struct url_source {
    token_address address;
    std::vector<std::pair<std::string, secret>> headers;
    subject_format format;
};

/// Runs only with GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES=1.
struct executable_source {
    std::string command; ///< words with shell quotes, but never given to a shell
    milliseconds timeout{30'000};
    std::string output_file; ///< looked at first; empty: none
};

struct aws_source {
    std::optional<token_address> region;  ///< answers with the availability zone
    std::optional<token_address> keys;    ///< answers with the role, and below it with its keys
    std::optional<token_address> session; ///< IMDSv2
    std::string verification_url;         ///< of GetCallerIdentity, with `{region}`; never called
};

/// The certificate itself is the subject token; the exchange shows it (mutual TLS).
struct certificate_source {
    std::string configuration; ///< path of the certificate configuration; empty: the default one
    std::string trust_chain;   ///< path of PEM certificates; empty: none
};

using subject_source =
    std::variant<file_source, url_source, executable_source, aws_source, certificate_source>;

struct external_account {
    std::string audience; ///< `//iam.googleapis.com/…/providers/…`, as written in the file
    std::string subject_token_type;
    token_address address; ///< of the exchange
    std::string client_id = {};
    secret client_secret = {};     ///< HTTP Basic, with a client id
    std::string user_project = {}; ///< workforce pools: the project that pays for the exchange
    subject_source source = file_source{};
};

} // namespace vertex_relay::core::google
