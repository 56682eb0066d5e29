#include "core/google/refusal_facts.hpp"

#include "core/ascii.hpp"
#include "core/google/http_date.hpp"

#include <algorithm>
#include <array>

namespace vertex_relay::core::google {
namespace {

constexpr seconds retry_after_max{60};

std::string google_said(refusal_facts const& facts) {
    auto const& said = facts.said;
    if (said.error.empty()) {
        return "It answered status " + std::to_string(facts.response.status) + ".";
    }
    auto text = "Google said \"" + said.error;
    if (!said.subtype.empty()) {
        text += " (" + said.subtype + ")";
    }
    return text + (said.description.empty() ? "" : ": " + said.description) + "\".";
}

std::optional<seconds> retry_after(refusal_facts const& facts) {
    auto text = ascii::trim(facts.response.header("retry-after"));
    std::optional<seconds> wait;
    if (auto delay = ascii::parse_decimal<std::uint32_t>(text)) {
        wait = seconds{*delay};
    } else if (auto date = parse_http_date(text)) {
        wait = std::max(seconds{0}, *date - facts.when.wall_now);
    }
    return wait ? std::optional(std::min(*wait, retry_after_max)) : std::nullopt;
}

} // namespace

std::string origin_line(credential const& from) {
    return " (" + describe(from) + ")";
}

token_error permanent_refusal(refusal_facts const& facts, std::string_view what, std::string text) {
    return permanent_error(credentials_refused(what, std::move(text) + " " + google_said(facts) +
                                                         origin_line(facts.from)));
}

token_error slow_refusal(refusal_facts const& facts, std::string_view what, std::string text) {
    auto error = slow_error(credentials_refused(what, std::move(text) + " " + google_said(facts) +
                                                          origin_line(facts.from)));
    error.retry_after = retry_after(facts);
    return error;
}

token_error passing_refusal(refusal_facts const& facts, std::string text) {
    auto error = transient_error(
        credentials_unavailable(std::move(text) + " " + google_said(facts) +
                                " The relay keeps trying." + origin_line(facts.from)));
    error.retry_after = retry_after(facts);
    return error;
}

bool passes_by_itself(refusal_facts const& facts) {
    constexpr std::array<std::string_view, 3> words = {"internal_failure", "server_error",
                                                       "temporarily_unavailable"};
    auto status = facts.response.status;
    return status == 408 || status == 425 || status == 429 || status >= 500 ||
           std::ranges::find(words, facts.said.error) != words.end();
}

token_error explain_passing(refusal_facts const& facts, std::string_view who) {
    return passing_refusal(facts,
                           std::string(who) + (facts.response.status == 429
                                                   ? " limits the rate of requests from here."
                                                   : " is not ready."));
}

} // namespace vertex_relay::core::google
