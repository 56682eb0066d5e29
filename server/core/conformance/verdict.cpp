#include "core/conformance/verdict.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <set>

namespace vertex_relay::core::conformance {

namespace {

constexpr std::size_t excerpt_bytes_max = 160;

/// What expectations look at.
struct evidence {
    answer_seen const& answer;
    observation const& seen;
};

bool is_object(std::string const& text) {
    simdjson::dom::parser parser;
    simdjson::dom::element value;
    return parser.parse(text).get(value) == simdjson::SUCCESS && value.is_object();
}

bool contains(std::string_view text, std::string_view word) {
    return ascii::to_lower(text).find(ascii::to_lower(word)) != std::string::npos;
}

bool calls_function(observation const& seen, std::string_view name) {
    return std::ranges::any_of(seen.calls, [name](call_seen const& one) {
        return one.name == name && is_object(one.arguments);
    });
}

bool is_typed(call_seen const& one) { return !one.id.empty() && one.type == "function"; }

/// The n-th call carries the index n in each of its fragments, and an id of its own.
bool is_indexed(observation const& seen) {
    std::set<std::string> ids;
    std::int64_t place = 0;
    for (auto const& one : seen.calls) {
        bool steady = std::ranges::all_of(one.indices, [place](auto at) { return at == place; });
        if (!steady || !ids.insert(one.id).second) {
            return false;
        }
        ++place;
    }
    return !seen.calls.empty();
}

bool flips(call_seen const& one) {
    return std::ranges::any_of(one.indices, [&](auto at) { return at != one.indices.front(); });
}

bool holds_of_error(expectation const& one, evidence const& of) {
    auto const& seen = of.seen;
    switch (one.what) {
    case sign::status: return fmt::format("{}", of.answer.status) == one.word;
    case sign::says_error: return contains(seen.error_message, one.word);
    case sign::error_code: return seen.error_code == one.word;
    case sign::array_error: return seen.shape == error_shape::array;
    case sign::openai_error: return seen.openai_shaped;
    default: return seen.is_json; // google_answer
    }
}

bool holds_of_calls(expectation const& one, observation const& seen) {
    bool any = !seen.calls.empty();
    switch (one.what) {
    case sign::called: return calls_function(seen, one.word);
    case sign::calls_typed: return any && std::ranges::all_of(seen.calls, is_typed);
    case sign::calls_indexed: return is_indexed(seen);
    case sign::calls_flip: return std::ranges::any_of(seen.calls, flips);
    default: return any && !seen.calls.front().signature.empty(); // signed_call
    }
}

bool holds_of_usage(expectation const& one, observation const& seen) {
    if (!seen.usage) {
        return one.what == sign::no_usage;
    }
    auto const& tokens = *seen.usage;
    auto plain = tokens.prompt + tokens.completion;
    switch (one.what) {
    case sign::usage: return tokens.total > 0;
    case sign::usage_beside: return tokens.total == plain + tokens.reasoning;
    case sign::usage_inside: return tokens.total == plain && tokens.reasoning <= tokens.completion;
    case sign::usage_last: return tokens.with_finish;
    case sign::usage_alone: return tokens.alone;
    default: return false; // no_usage
    }
}

bool holds_of_stream(expectation const& one, evidence const& of) {
    auto const& seen = of.seen;
    switch (one.what) {
    case sign::done: return seen.done && !seen.stray;
    case sign::line_feeds: return seen.event_stream && !seen.carriage_returns;
    case sign::plain_bytes: return of.answer.field("content-encoding").empty();
    case sign::role_once: return seen.roles == 1 && seen.first_has_role;
    default: return seen.deltas > 0 && seen.roles == seen.deltas; // role_always
    }
}

bool holds_of_content(expectation const& one, observation const& seen) {
    switch (one.what) {
    case sign::text: return !seen.text.empty();
    case sign::json_text: return is_object(seen.text);
    case sign::finish: return seen.finish == one.word;
    case sign::thoughts: return !seen.thoughts.empty();
    case sign::no_thoughts: return seen.thoughts.empty();
    case sign::reasoning: return !seen.reasoning.empty();
    case sign::choices: return fmt::format("{}", seen.choices) == one.word;
    case sign::images: return seen.image_in_images;
    default: return seen.image_in_audio; // audio_image
    }
}

bool is_between(sign what, sign first, sign last) { return what >= first && what <= last; }

bool holds(expectation const& one, evidence const& of) {
    auto within = [&one](sign first, sign last) { return is_between(one.what, first, last); };
    if (within(sign::status, sign::google_answer)) {
        return holds_of_error(one, of);
    }
    if (within(sign::called, sign::signed_call)) {
        return holds_of_calls(one, of.seen);
    }
    if (within(sign::done, sign::role_always)) {
        return holds_of_stream(one, of);
    }
    return within(sign::usage, sign::no_usage) ? holds_of_usage(one, of.seen)
                                               : holds_of_content(one, of.seen);
}

std::string excerpt(std::string_view text) {
    std::string line(text.substr(0, excerpt_bytes_max));
    std::ranges::replace(line, '\n', ' ');
    return line + (text.size() > excerpt_bytes_max ? "…" : "");
}

std::string usage_text(usage_seen const& tokens) {
    return fmt::format("{} + {} tokens ({} of thought, {} in all)", tokens.prompt,
                       tokens.completion, tokens.reasoning, tokens.total);
}

/// `200, 12 bytes of text, finish stop, …`
std::string summary(evidence const& of) {
    auto const& seen = of.seen;
    auto line = fmt::format("{}", of.answer.status);
    auto add = [&line](bool there, std::string const& what) {
        line += there ? ", " + what : std::string();
    };
    add(seen.shape != error_shape::none,
        fmt::format("{}{}", seen.shape == error_shape::array ? "[array] " : "",
                    excerpt(seen.error_message)));
    add(!seen.text.empty(), fmt::format("{} bytes of text", seen.text.size()));
    add(!seen.thoughts.empty(), "flagged thoughts");
    add(!seen.reasoning.empty(), "reasoning_content");
    for (auto const& one : seen.calls) {
        add(true, fmt::format("call of {}{}", one.name, one.signature.empty() ? "" : ", signed"));
    }
    add(!seen.finish.empty(), "finish " + seen.finish);
    add(seen.usage.has_value(), seen.usage ? usage_text(*seen.usage) : "");
    add(!seen.model.empty(), "model " + seen.model);
    add(seen.event_stream, seen.done ? "[DONE]" : "no [DONE]");
    add(of.answer.status == 429, fmt::format("retry-after: {}",
                                             of.answer.field("retry-after").empty()
                                                 ? "none"
                                                 : of.answer.field("retry-after")));
    add(!seen.is_json && !seen.event_stream, "no JSON");
    return line;
}

/// Says more about the account or the moment than about the protocol.
bool is_refusal(unsigned status) {
    constexpr std::array ours{401U, 403U, 404U, 408U, 429U};
    return status >= 500 || std::ranges::find(ours, status) != ours.end();
}

} // namespace

std::string_view name_of(outcome what) {
    constexpr std::array<std::string_view, 4> names{"held", "differs", "refused", "skipped"};
    return names.at(static_cast<std::size_t>(what));
}

verdict judge(std::span<expectation const> expected, answer_seen const& answer) {
    if (answer.status == 0) {
        return {outcome::refused, "no answer: " + answer.trouble};
    }
    auto seen = observe(answer);
    evidence of{answer, seen};
    auto what = summary(of);
    if (!answer.complete) {
        return {outcome::differs, fmt::format("broken off ({}): {}", answer.trouble, what)};
    }
    std::string missing;
    bool wrong_status = false;
    for (auto const& one : expected) {
        if (!holds(one, of)) {
            wrong_status = wrong_status || one.what == sign::status;
            missing += (missing.empty() ? "" : ", ") + describe(one);
        }
    }
    if (missing.empty()) {
        return {outcome::held, what};
    }
    bool refused = wrong_status && is_refusal(answer.status);
    return {refused ? outcome::refused : outcome::differs,
            refused ? what : fmt::format("expected {}; got {}", missing, what)};
}

std::string describe(expectation const& one) {
    constexpr std::array<std::string_view, 31> words{
        "status", "an error that says", "the code", "an error inside an array",
        "an error as OpenAI writes it", "JSON", "text", "a JSON object as text", "a call of",
        "calls with id and type", "calls with a steady index", "indices that flip",
        "a signed call", "finish", "[DONE]", "LF alone", "no content encoding", "one role",
        "a role in each delta", "token counts", "thought counted beside", "thought counted inside",
        "token counts in the last chunk", "token counts in a chunk of their own",
        "no token counts", "flagged thoughts", "no flagged thoughts", "reasoning_content",
        "choices:", "an image in images", "an image in audio"};
    auto said = words.at(static_cast<std::size_t>(one.what));
    return one.word.empty() ? std::string(said) : fmt::format("{} {}", said, one.word);
}

} // namespace vertex_relay::core::conformance
