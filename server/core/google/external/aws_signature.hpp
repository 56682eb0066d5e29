#pragma once
// AWS Signature Version 4 (docs.aws.amazon.com, "Create a signed AWS API request").

#include "core/secret.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vertex_relay::core::google {

struct aws_keys {
    std::string access_key_id;
    secret secret_access_key;
    secret session_token = {}; ///< of temporary keys; empty: none
};

/// A request as it will be sent. Every header is signed; `host` is added.
struct aws_request {
    std::string method;
    std::string url; ///< absolute; `.` and `..` in its path are resolved for the signature
    std::vector<std::pair<std::string, std::string_view>> headers; ///< values are the caller's
    std::string body = {};
};

/// What the signature is made for.
struct aws_scope {
    std::string region;
    std::string service; ///< `sts`
    std::string time;    ///< `YYYYMMDDTHHMMSSZ`
};

/// The value of `Authorization`: `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`.
std::string aws_authorization(aws_request const& request, aws_scope const& scope,
                              aws_keys const& keys);

/// The host of an absolute URL, as it stands there; empty if it is none.
std::string_view host_of(std::string_view url);

} // namespace vertex_relay::core::google
