#include "simulator/subject_check.hpp"

#include "simulator/aws_check.hpp"
#include "simulator/encoding.hpp"
#include "simulator/json_view.hpp"

#include <fmt/format.h>

namespace vertex_relay::simulator {

namespace {

constexpr std::string_view audience_front = "//iam.googleapis.com/";
constexpr std::string_view workforce_front = "//iam.googleapis.com/locations/";

subject_verdict check_jwt(std::string_view token, std::int64_t now) {
    auto first = token.find('.');
    auto last = token.rfind('.');
    if (first == std::string_view::npos || first == last) {
        return {}; // opaque: who knows
    }
    auto claims = decode_base64url(token.substr(first + 1, last - first - 1));
    simdjson::dom::parser parser;
    json document;
    if (!claims || parser.parse(*claims).get(document) != simdjson::SUCCESS) {
        return {"invalid_grant", "Unable to parse the ID Token."};
    }
    if (integer_or(member(document, "exp"), now + 1) > now) {
        return {};
    }
    return {"invalid_grant", fmt::format("ID Token issued at {} is stale to sign-in.",
                                         integer_or(member(document, "iat"), 0))};
}

/// A JSON array of certificates in Base64 whose first one is the client's.
subject_verdict check_certificate(std::string_view token, std::string const& shown) {
    simdjson::dom::parser parser;
    json document;
    bool parsed = parser.parse(std::string(token)).get(document) == simdjson::SUCCESS;
    auto chain = elements_of(parsed ? std::optional(document) : std::nullopt);
    if (shown.empty() || chain.empty() || as_text(chain.front()) != base64(shown)) {
        return {"invalid_grant",
                "The leaf certificate does not match the client certificate of the connection."};
    }
    return {};
}

/// A project to bill makes sense for people only.
subject_verdict check_options(std::string const& options, std::string_view audience) {
    simdjson::dom::parser parser;
    json document;
    bool known = parser.parse(options).get(document) == simdjson::SUCCESS &&
                 !text_or(member(document, "userProject"), "").empty() &&
                 audience.starts_with(workforce_front);
    return known ? subject_verdict()
                 : subject_verdict{"invalid_request", "Invalid value for \"options\"."};
}

} // namespace

subject_verdict check_subject(request const& received, foreign_identity const& known,
                              std::chrono::sys_seconds now) {
    auto field = [&](std::string_view name) {
        return form_value(received.body, name).value_or("");
    };
    auto audience = field("audience");
    auto options = field("options");
    auto token = field("subject_token");
    auto type = field("subject_token_type");
    if (!audience.starts_with(audience_front)) {
        return {"invalid_request", "Invalid value for \"audience\". This value should be the full "
                                   "resource name of the Identity Provider."};
    }
    if (auto verdict = check_options(options, audience);
        !options.empty() && !verdict.error.empty()) {
        return verdict;
    }
    if (type == "urn:ietf:params:aws:token-type:aws4_request") {
        auto fault = check_caller_identity(token, known, audience, now);
        return fault.empty() ? subject_verdict() : subject_verdict{"invalid_grant", fault};
    }
    return type == "urn:ietf:params:oauth:token-type:mtls"
               ? check_certificate(token, received.client_certificate)
               : check_jwt(token, now.time_since_epoch().count());
}

} // namespace vertex_relay::simulator
