#include "simulator/iam.hpp"

#include "core/ascii.hpp"
#include "simulator/encoding.hpp"
#include "simulator/google_error.hpp"
#include "simulator/json_text.hpp"
#include "simulator/json_view.hpp"
#include "simulator/refusal.hpp"
#include "simulator/subject_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

namespace vertex_relay::simulator {

namespace {

/// `"300s"` as seconds.
std::optional<std::chrono::seconds> parse_lifetime(std::string_view text) {
    if (!text.ends_with('s')) {
        return std::nullopt;
    }
    text.remove_suffix(1);
    auto count = core::ascii::parse_decimal<std::int64_t>(text);
    return count ? std::optional(std::chrono::seconds(*count)) : std::nullopt;
}

/// RFC 6749 section 5.2.
answer refuse(std::string_view error, std::string_view description) {
    return {.status = 400,
            .body = fmt::format(R"({{"error":{},"error_description":{}}})", json_string(error),
                                json_string(description))};
}

std::string timestamp(token_store::time when) {
    auto seconds = static_cast<std::time_t>(when.time_since_epoch().count());
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[32];
    return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

} // namespace

answer answer_token_exchange(request const& received, foreign_identity const& known,
                             token_store& tokens, grant_terms terms) {
    auto field = [&](std::string_view name) {
        return form_value(received.body, name).value_or("");
    };
    bool good = field("grant_type") == "urn:ietf:params:oauth:grant-type:token-exchange" &&
                !field("audience").empty() && !field("scope").empty() &&
                !field("requested_token_type").empty() && !field("subject_token").empty() &&
                !field("subject_token_type").empty();
    if (!good) {
        return refuse("invalid_request", "A mandatory field of the token exchange is missing.");
    }
    auto verdict = check_subject(received, known, terms.now);
    if (!verdict.error.empty()) {
        return refuse(verdict.error, verdict.description);
    }
    return {.body = fmt::format(
                R"({{"access_token":{},"expires_in":{},"issued_token_type":)"
                R"("urn:ietf:params:oauth:token-type:access_token","token_type":"Bearer"}})",
                json_string(tokens.issue(terms.now, terms.lifetime)), terms.lifetime.count())};
}

answer answer_workforce(request const& received, foreign_identity& known, token_store& tokens,
                        grant_terms terms) {
    auto field = [&](std::string_view name) {
        return form_value(received.body, name).value_or("");
    };
    auto client = "Basic " + base64(known.workforce_client_id + ":" +
                                    known.workforce_client_secret);
    if (received.find("authorization").value_or("") != client) {
        return refuse("invalid_client", "The OAuth client was not found.");
    }
    auto token = field("refresh_token");
    bool good = token == known.workforce_refresh_token || token == known.workforce_rotated_token;
    if (field("grant_type") != "refresh_token" || !good) {
        return refuse("invalid_grant", "The refresh token is invalid.");
    }
    known.workforce_rotated_token = "wf-" + random_base64url(48);
    return {.body = fmt::format(R"({{"access_token":{},"expires_in":{},"refresh_token":{},)"
                                R"("token_type":"Bearer"}})",
                                json_string(tokens.issue(terms.now, terms.lifetime)),
                                terms.lifetime.count(),
                                json_string(known.workforce_rotated_token))};
}

bool is_impersonation(std::string_view path) {
    return path.starts_with("/v1/projects/-/serviceAccounts/") &&
           path.ends_with(":generateAccessToken");
}

answer answer_impersonation(request const& received, token_store& tokens, grant_terms terms) {
    auto verdict = tokens.judge(received.find("authorization").value_or(""), terms.now);
    if (verdict != bearer::good) {
        return to_answer(unauthenticated(verdict, "iam.credentials.v1.IAMCredentials"),
                         envelope::object);
    }
    simdjson::dom::parser parser;
    json body;
    bool parsed = parser.parse(received.body).get(body) == simdjson::SUCCESS;
    if (!parsed || elements_of(member(body, "scope")).empty()) {
        return to_answer(invalid_argument("Request contains an invalid argument."),
                         envelope::object);
    }
    auto lifetime = parse_lifetime(text_or(member(body, "lifetime"), "3600s"));
    if (!lifetime || *lifetime <= std::chrono::seconds(0) ||
        *lifetime > std::chrono::seconds(3600)) {
        return to_answer(invalid_argument("Invalid lifetime."), envelope::object);
    }
    return {.body = fmt::format("{{\n  \"accessToken\": {},\n  \"expireTime\": \"{}\"\n}}\n",
                                json_string(tokens.issue(terms.now, *lifetime)),
                                timestamp(terms.now + *lifetime))};
}

} // namespace vertex_relay::simulator
