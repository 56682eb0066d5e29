#include "core/conformance/plan.hpp"

#include "core/config/grammar.hpp"
#include "core/config/near_miss.hpp"
#include "core/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vertex_relay::core::conformance {

namespace {

// Above what any model of the table costs, in dollars for a million tokens, outside `global` too.
constexpr double input_price = 5;
constexpr double output_price = 20;
constexpr std::size_t image_tokens = 1500;  ///< more than one image counts as
constexpr std::size_t longest_answer = 65'536;

bool has_own(check const& what, std::string_view key) {
    return what.members.find(key) != std::string::npos;
}

std::size_t answer_tokens(check const& what, std::size_t max_tokens) {
    auto one = has_own(what, "\"max_tokens\"") ? longest_answer : max_tokens;
    return has_own(what, "\"n\":2") ? 2 * one : one;
}

/// Every byte of a text is a token at most.
void add(plan& made, planned_call call, wishes const& wanted) {
    made.calls.push_back(call);
    made.input_tokens_max += call.what->members.size();
    made.input_tokens_max += has_own(*call.what, "image_url") ? image_tokens : 0;
    made.output_tokens_max += answer_tokens(*call.what, wanted.max_tokens);
}

std::expected<void, std::string> check_names(std::vector<std::string> const& only) {
    std::vector<std::string_view> names;
    std::ranges::transform(checks(), std::back_inserter(names), &check::name);
    for (auto const& wanted : only) {
        if (std::ranges::find(names, wanted) == names.end()) {
            auto near = nearest(wanted, names);
            return std::unexpected(fmt::format(
                "--only {}: there is no such check{}; --list prints them", wanted,
                near.empty() ? "" : fmt::format(", did you mean {}?", near)));
        }
    }
    return {};
}

std::expected<void, std::string> check_models(wishes const& wanted) {
    for (auto const& model : {wanted.gemini, wanted.open_model}) {
        if (!grammar::is_publisher_model(model)) {
            return std::unexpected(
                fmt::format("{} is no model: expected publisher/model", model));
        }
    }
    return {};
}

bool is_wanted(check const& what, std::vector<std::string> const& only) {
    return only.empty() ? !what.named_only : std::ranges::find(only, what.name) != only.end();
}

/// Thinking is kept short where a check does not care.
bool thinks_freely(check const& what) {
    bool gemini = what.where != place::open_model && what.where != place::endpoint;
    return gemini && what.where != place::painter && what.verb == "chat/completions" &&
           !has_own(what, "reasoning_effort") && !has_own(what, "thinking_config");
}

} // namespace

std::expected<plan, std::string> make_plan(wishes const& wanted, bool has_endpoint) {
    if (auto known = check_names(wanted.only); !known) {
        return std::unexpected(known.error());
    }
    if (auto known = check_models(wanted); !known) {
        return std::unexpected(known.error());
    }
    plan made;
    for (auto const& what : checks()) {
        if (!is_wanted(what, wanted.only)) {
            continue;
        }
        bool possible = what.where != place::endpoint || has_endpoint;
        for (auto how : {way::past, way::through}) {
            auto const& expected = how == way::past ? what.past : what.through;
            if (!expected.empty() && possible) {
                add(made, {&what, how}, wanted);
            } else if (!expected.empty()) {
                made.skipped.push_back({&what, how});
            }
        }
    }
    return made;
}

std::string request_body(check const& what, std::string_view model, std::size_t max_tokens) {
    std::string body = "{";
    if (!model.empty()) {
        body += "\"model\":" + json_string(model) + ",";
    }
    body += what.stream ? "\"stream\":true," : "";
    if (!has_own(what, "\"max_tokens\"")) {
        body += fmt::format("\"max_tokens\":{},", max_tokens);
    }
    body += thinks_freely(what) ? "\"reasoning_effort\":\"low\"," : "";
    return body + what.members + "}";
}

std::string describe_cost(plan const& made, std::string_view project) {
    auto dollars = (static_cast<double>(made.input_tokens_max) * input_price +
                    static_cast<double>(made.output_tokens_max) * output_price) /
                   1'000'000;
    return fmt::format(
        "{} calls to Vertex AI, billed to project {}: at most {} tokens in and {} out, which is "
        "less than ${:.2f} at ${} and ${} a million. Requests that are refused cost nothing.",
        made.calls.size(), project, made.input_tokens_max, made.output_tokens_max, dollars + 0.01,
        input_price, output_price);
}

std::string list_checks() {
    std::string out;
    for (auto const& what : checks()) {
        auto ways = what.past.empty()      ? "through"
                    : what.through.empty() ? "past"
                                           : "both ways";
        out += fmt::format("{:<26} {:<10} {:<10} {}{}\n", what.name, name_of(what.where), ways,
                           what.question, what.named_only ? " Only if named." : "");
    }
    return out;
}

} // namespace vertex_relay::core::conformance
