#include "core/google/token_answer.hpp"

#include "core/ascii.hpp"
#include "core/google/http_date.hpp"
#include "core/google/secret_json.hpp"
#include "core/google/token_refusal.hpp"

#include <algorithm>
#include <cstdint>

namespace vertex_relay::core::google {
namespace {

/// Seconds as an integer or a decimal string; null if it is no positive number, or if the token
/// exchange leaves it out, which RFC 8693 allows but Google never does.
std::optional<seconds> read_lifetime(credential const& from, secret_json const& json) {
    auto element = json.at("expires_in");
    if (element.error() != simdjson::SUCCESS) {
        bool exchanged = std::holds_alternative<external_account>(from.source);
        return exchanged ? std::nullopt : std::optional(token_lifetime_unstated);
    }
    std::int64_t count = 0;
    std::string_view text;
    if (element.get_string().get(text) == simdjson::SUCCESS) {
        count = ascii::parse_decimal<std::int64_t>(text).value_or(0);
    } else if (element.get_int64().get(count) != simdjson::SUCCESS) {
        count = 0;
    }
    if (count <= 0) {
        return std::nullopt;
    }
    return std::min(seconds{count}, token_lifetime_max);
}

std::expected<access_token, token_error> read_document(credential const& from,
                                                       std::string_view body) {
    secret_json json(body);
    if (json.what() != secret_json::shape::object) {
        return std::unexpected(unexpected_answer(from, "is no JSON object"));
    }
    auto value = json.text_or_empty("access_token");
    if (!is_token_text(value)) {
        return std::unexpected(unexpected_answer(from, "has no usable access_token"));
    }
    std::string_view type;
    auto has_type = json.text("token_type", type);
    if (has_type != secret_object::member::absent && !ascii::iequals(type, "Bearer")) {
        return std::unexpected(unexpected_answer(from, "has a token_type other than Bearer"));
    }
    auto lifetime = read_lifetime(from, json);
    if (!lifetime) {
        return std::unexpected(unexpected_answer(from, "has no usable expires_in"));
    }
    return access_token{.value = secret(std::string(value)),
                        .lifetime = *lifetime,
                        .refresh_token =
                            secret(std::string(json.text_or_empty("refresh_token")))};
}

std::string_view fault_text(call_fault fault) {
    switch (fault) {
    case call_fault::name_not_found:
        return "could not be resolved";
    case call_fault::connect_failed:
        return "could not be connected to";
    case call_fault::timed_out:
        return "did not answer in time";
    case call_fault::tls_failed:
        return "broke off the TLS handshake";
    case call_fault::cut_off:
        return "closed the connection before its answer was whole";
    default:
        break;
    }
    return "answered with something that is not HTTP, or too long";
}

/// For faults whose detail says what to do.
token_error explain_way_out(credential const& from, call_failure const& why,
                            std::string_view who) {
    constexpr std::size_t detail_length_max = 500;
    bool untrusted = why.fault == call_fault::tls_untrusted;
    auto text = quoted_text(who) +
                (untrusted ? " is not safe to talk to: " : " is out of reach. ") +
                quoted_text(why.detail, detail_length_max) + " (" + describe(from) + ")";
    switch (why.fault) {
    case call_fault::tls_untrusted:
        return slow_error(credentials_refused("tls_untrusted", std::move(text)));
    case call_fault::proxy_password:
        return slow_error(credentials_refused("proxy_auth", std::move(text)));
    case call_fault::proxy_refused:
        return slow_error(credentials_refused("proxy_refused", std::move(text)));
    default:
        return transient_error(credentials_unavailable(std::move(text)));
    }
}

bool says_what_to_do(call_fault fault) {
    return fault == call_fault::tls_untrusted || fault == call_fault::proxy_password ||
           fault == call_fault::proxy_refused || fault == call_fault::proxy_failed;
}

} // namespace

bool is_token_text(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

token_error unexpected_answer(credential const& from, std::string_view fault) {
    return transient_error(credentials_unavailable(
        "The token server's answer " + std::string(fault) +
        "; is a captive portal or an intercepting proxy in the way? The relay keeps trying. (" +
        describe(from) + ")"));
}

std::expected<access_token, token_error> read_token_answer(credential const& from,
                                                           token_response const& response,
                                                           answer_conditions const& when) {
    if (response.body.reveal().size() > token_answer_bytes_max) {
        return std::unexpected(unexpected_answer(from, "is longer than 64 KiB"));
    }
    if (response.status != 200) {
        return std::unexpected(explain_refusal(from, response, when));
    }
    if (std::holds_alternative<metadata_server>(from.source) &&
        !ascii::iequals(ascii::trim(response.header("metadata-flavor")), "Google")) {
        return std::unexpected(
            unexpected_answer(from, "lacks the header Metadata-Flavor: Google"));
    }
    return read_document(from, response.body.reveal());
}

token_error explain_call_fault(credential const& from, call_failure const& why,
                               std::string_view who) {
    if (says_what_to_do(why.fault)) {
        return explain_way_out(from, why, who);
    }
    auto text = quoted_text(who) + " " + std::string(fault_text(why.fault)) +
                (why.detail.empty() ? "" : " (" + quoted_text(why.detail) + ")");
    return transient_error(
        credentials_unavailable(text + ". The relay keeps trying. (" + describe(from) + ")"));
}

std::optional<seconds> clock_offset(token_response const& response, seconds wall_now) {
    auto date = parse_http_date(ascii::trim(response.header("date")));
    return date ? std::optional(*date - wall_now) : std::nullopt;
}

core::failure rejected_by_vertex(credential const& from) {
    bool own = signs_own_tokens(from) && from.universe_domain == default_universe;
    return credentials_refused(
        "rejected", "Vertex AI rejects even a fresh access token of this credential (" +
                        describe(from) + "). " +
                        (own ? "Not every API takes tokens that an account signs for itself: set "
                               "google.service_account_mode = \"exchange\"."
                             : "The account may be disabled or deleted: try `gcloud auth "
                               "application-default login`, or another credential."));
}

} // namespace vertex_relay::core::google
