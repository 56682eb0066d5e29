#include "core/gemini/request/parameters.hpp"

#include "core/ascii.hpp"
#include "core/gemini/edited_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace vertex_relay::core {

namespace {

/// OpenAI's parameters that Vertex documents nowhere: ignored at best, refused at worst.
constexpr std::array<std::string_view, 22> unknown_to_vertex{
    "audio",          "cache_control",     "enable_thinking",  "include_reasoning",
    "logit_bias",     "logprobs",          "metadata",         "moderation",
    "parallel_tool_calls", "prediction",   "prompt_cache_key", "prompt_cache_options",
    "prompt_cache_retention", "reasoning", "safety_identifier", "service_tier",
    "store",          "stream_options",    "thinking",         "top_logprobs",
    "user",           "verbosity"};

/// A parameter that is null was not given.
std::optional<located_value> given(located_value root, std::string_view key) {
    auto value = root.find(key);
    return value && !value->is(json_kind::null) ? value : std::nullopt;
}

bool is_true(std::optional<located_value> value) { return value && value->text() == "true"; }

std::optional<std::uint64_t> whole_number(located_value value) {
    return ascii::parse_decimal<std::uint64_t>(value.text());
}

void read_wishes(located_value root, answer_wishes& wishes) {
    wishes.stream = is_true(root.find("stream"));
    if (auto options = root.find("stream_options")) {
        wishes.include_usage = is_true(options->find("include_usage"));
    }
}

/// `max_tokens` and its newer name mean the same; both at once are one too many.
void clamp_tokens(located_value root, repair_job& job) {
    if (!job.wants(repair::max_tokens)) {
        return;
    }
    auto older = given(root, "max_tokens");
    auto newer = given(root, "max_completion_tokens");
    if (older && newer) {
        job.take_out(repair::max_tokens, *older);
    }
    auto value = newer ? newer : older;
    auto wanted = value ? whole_number(*value) : std::nullopt;
    if (wanted && *wanted > job.rules.model.output_tokens) {
        job.replace(repair::max_tokens, *value, std::to_string(job.rules.model.output_tokens));
    }
}

/// The nearest effort the model knows; empty: none, leave it out.
std::string_view known_effort(std::string_view effort, thinking how) {
    if (how == thinking::none) {
        return {};
    }
    if (effort == "none" || effort == "minimal") {
        return how == thinking::levels ? "minimal" : "low";
    }
    if (effort == "xhigh" || effort == "max") {
        return "high";
    }
    bool known = effort == "low" || effort == "medium" || effort == "high";
    return known ? effort : std::string_view();
}

bool has_thinking_config(located_value root) {
    auto extra = root.find("extra_body");
    auto placed = extra ? extra->find("google") : std::nullopt;
    auto google = placed ? placed : root.find("google"); // which moves there
    return google && google->find("thinking_config");
}

/// `reasoning_effort`, and OpenRouter's `reasoning: {"effort": …}` where the former is missing.
void map_reasoning(located_value root, repair_job& job) {
    if (!job.wants(repair::reasoning)) {
        return;
    }
    auto effort = given(root, "reasoning_effort");
    auto object = given(root, "reasoning");
    auto nested = object ? object->find("effort") : std::nullopt;
    if (auto null = root.find("reasoning_effort"); null && !effort) {
        job.take_out(repair::reasoning, *null);
    }
    auto given = effort ? effort : nested;
    if (!given) {
        return;
    }
    auto wanted = given->string();
    auto known = has_thinking_config(root) ? std::string_view() // Vertex takes one of the two
                                           : known_effort(wanted, job.rules.model.thinks);
    if (known.empty()) {
        job.take_out(repair::reasoning, effort ? *effort : *object);
    } else if (!effort) {
        job.replace_member(repair::reasoning, *object,
                           fmt::format(R"("reasoning_effort":"{}")", known));
    } else if (known != wanted) {
        job.replace(repair::reasoning, *effort, fmt::format("\"{}\"", known));
    }
}

/// In a whole answer only tags tell where the thoughts end; in a stream each has its flag. A tag
/// the client asked for is kept, and known to the answer's repair, too.
void mark_thoughts(located_value google, std::vector<edit>& edits, repair_job& job) {
    auto config = google.find("thinking_config");
    if (!config || !is_true(config->find("include_thoughts")) || !job.wants(repair::thoughts)) {
        return;
    }
    auto& wishes = job.out.wishes;
    if (auto marker = google.find("thought_tag_marker")) {
        wishes.thought_tag = marker->string();
    } else if (!wishes.stream) {
        wishes.thought_tag = "thought";
        job.made(repair::thoughts);
        insert_member(edits, google, R"("thought_tag_marker":"thought")");
    }
}

/// A `google` that tools put at the top belongs into `extra_body`.
void repair_google(located_value root, repair_job& job) {
    auto extra = given(root, "extra_body");
    if (auto placed = extra ? extra->find("google") : std::nullopt) {
        mark_thoughts(*placed, job.out.edits, job);
        return;
    }
    auto google = root.find("google");
    if (!google || !google->is(json_kind::object) || !job.wants(repair::google_extension) ||
        (extra && !extra->is(json_kind::object))) {
        return;
    }
    std::vector<edit> inside;
    mark_thoughts(*google, inside, job);
    auto member = fmt::format("\"google\":{}", edited_text(*google, inside));
    if (extra) {
        insert_member(job.out.edits, *extra, std::move(member));
        job.take_out(repair::google_extension, *google);
    } else {
        if (auto null = root.find("extra_body")) {
            job.take_out(repair::google_extension, *null);
        }
        job.replace_member(repair::google_extension, *google,
                           fmt::format("\"extra_body\":{{{}}}", member));
    }
}

/// `reasoning` has become `reasoning_effort`, or has gone with it.
bool is_mapped(located_value root, repair_job const& job) {
    auto object = given(root, "reasoning");
    return object && object->find("effort") && !given(root, "reasoning_effort") &&
           job.out.made.has(repair::reasoning);
}

void take_out_unknown(located_value root, repair_job& job) {
    if (!job.wants(repair::parameters)) {
        return;
    }
    bool mapped = is_mapped(root, job);
    for (auto member : root.children()) {
        bool done = mapped && member.key_is("reasoning");
        if (!done && member.key_is_one_of(unknown_to_vertex)) {
            job.take_out(repair::parameters, member);
        }
    }
    if (auto search = root.find("web_search_options"); search && !search->children().empty()) {
        job.replace(repair::parameters, *search, "{}"); // it has no sub-options here
    }
}

void tell_what_is_missed(located_value root, repair_job& job) {
    if (is_true(root.find("logprobs")) || given(root, "top_logprobs")) {
        job.tell("logprobs are not available on Gemini");
    }
    if (auto bias = root.find("logit_bias"); bias && !bias->children().empty()) {
        job.tell("logit_bias is not available on Gemini");
    }
    if (is_true(root.find("store"))) {
        job.tell("answers are not stored");
    }
    if (auto audio = root.find("audio"); audio && audio->is(json_kind::object)) {
        job.tell("audio output is not available on Gemini");
    }
    if (auto parallel = root.find("parallel_tool_calls"); parallel && parallel->text() == "false") {
        job.tell("Gemini may call several tools at once");
    }
    if (auto tier = given(root, "service_tier"); tier && !tier->string_is("auto") &&
                                                 !tier->string_is("default")) {
        job.tell("service_tier is not available on Gemini");
    }
    if (auto search = root.find("web_search_options"); search && !search->children().empty()) {
        job.tell("web_search_options are not available on Gemini, the search is");
    }
}

} // namespace

void repair_parameters(located_value root, repair_job& job) {
    read_wishes(root, job.out.wishes);
    clamp_tokens(root, job);
    map_reasoning(root, job);
    repair_google(root, job);
    take_out_unknown(root, job);
    tell_what_is_missed(root, job);
}

} // namespace vertex_relay::core
