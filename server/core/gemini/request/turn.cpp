#include "core/gemini/request/turn.hpp"

#include "core/gemini/edited_text.hpp"
#include "core/gemini/request/calls.hpp"
#include "core/gemini/request/content.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

namespace vertex_relay::core {

namespace {

speaker speaker_of(located_value message) {
    auto role = message.find("role");
    auto name = role ? role->string() : std::string();
    return name == "system" || name == "developer" ? speaker::system
           : name == "user"                        ? speaker::user
           : name == "assistant" || name == "model" ? speaker::assistant
           : name == "tool"                        ? speaker::tool
           : name == "function"                    ? speaker::function
                                                   : speaker::other;
}

std::span<std::string_view const> keys_of(speaker role) {
    static constexpr std::array<std::string_view, 3> plain{"role", "content", "extra_content"};
    static constexpr std::array<std::string_view, 5> assistant{
        "role", "content", "tool_calls", "function_call", "extra_content"};
    static constexpr std::array<std::string_view, 5> tool{"role", "content", "tool_call_id", "name",
                                                          "extra_content"};
    static constexpr std::array<std::string_view, 3> function{"role", "content", "name"};
    switch (role) {
    case speaker::assistant: return assistant;
    case speaker::tool: return tool;
    case speaker::function: return function;
    default: return plain;
    }
}

void repair_role(turn& one, repair_job& job) {
    auto role = one.message.find("role");
    if (!role || !job.wants(repair::roles)) {
        return;
    }
    auto wanted = role->string_is("developer") ? "\"system\""
                  : role->string_is("model")   ? "\"assistant\""
                                               : nullptr;
    if (wanted != nullptr) {
        job.made(repair::roles);
        one.edits.push_back({role->offset(), role->length(), wanted});
    }
}

void repair_keys(turn& one, repair_job& job) {
    if (one.role != speaker::other) {
        job.keep_keys(one.message, keys_of(one.role), one.edits);
    }
}

/// Text beside calls: two models refuse it, so it becomes a turn of its own in front.
void split_off_text(turn& one, located_value content, repair_job& job) {
    std::vector<edit> edits;
    if (content.is(json_kind::array)) {
        repair_parts(content, job, edits);
    }
    job.made(repair::split_calls);
    one.before = fmt::format(R"({{"role":"assistant","content":{}}},)",
                             edited_text(content, edits));
    one.edits.push_back({content.offset(), content.length(), "null"});
}

/// A refusal beside an empty content is content to Gemini, as a part of that kind is.
void say_refusal(turn& one, std::optional<located_value> content, repair_job& job) {
    job.made(repair::content_parts);
    std::string text(one.refusal->text());
    if (content) {
        one.edits.push_back({content->offset(), content->length(), std::move(text)});
    } else {
        insert_member(one.edits, one.message, "\"content\":" + text);
    }
}

void repair_content(turn& one, repair_job& job) {
    auto content = one.message.find("content");
    if (one.refusal) {
        say_refusal(one, content, job);
        return;
    }
    if (!content) {
        return;
    }
    bool calls = !one.calls.empty() || one.function_call;
    if (calls && says_nothing(content)) {
        bool null = content->is(json_kind::null);
        if (!null && job.wants(repair::empty_content)) {
            job.made(repair::empty_content);
            one.edits.push_back({content->offset(), content->length(), "null"});
        }
        return;
    }
    if (calls && job.wants(repair::split_calls)) {
        split_off_text(one, *content, job);
        return;
    }
    if (!content->is(json_kind::array)) {
        return;
    }
    bool result = one.role == speaker::tool || one.role == speaker::function;
    auto text = result && job.wants(repair::content_parts) ? joined_text(*content) : std::nullopt;
    if (text) {
        job.made(repair::content_parts);
        one.edits.push_back({content->offset(), content->length(), std::move(*text)});
    } else {
        repair_parts(*content, job, one.edits);
    }
}

void read_calls(turn& one) {
    auto calls = one.message.find("tool_calls");
    if (calls && calls->is(json_kind::array)) {
        std::ranges::copy(calls->children(), std::back_inserter(one.calls));
    }
    auto call = one.message.find("function_call");
    if (call && call->is(json_kind::object)) {
        one.function_call = call;
    }
}

std::optional<located_value> refusal_in(located_value message) {
    auto refusal = message.find("refusal");
    bool says = refusal && refusal->is(json_kind::string) && refusal->text() != "\"\"";
    return says ? refusal : std::nullopt;
}

/// The older way to call has its name in the message of either side.
void repair_function_call(turn& one, repair_job& job) {
    if (one.function_call) {
        repair_called(*one.function_call, one, job);
    }
    auto name = one.role == speaker::function ? one.message.find("name") : std::nullopt;
    if (name && name->is(json_kind::string)) {
        job.map_name(*name, one.edits);
    }
}

} // namespace

turn read_turn(located_value message, repair_job const& job) {
    turn one{.message = message, .role = speaker_of(message)};
    bool speaks = one.role == speaker::assistant;
    if (speaks) {
        read_calls(one);
    }
    bool result = one.role == speaker::tool || one.role == speaker::function;
    bool called = !one.calls.empty() || one.function_call;
    bool silent = !result && !called && says_nothing(message.find("content"));
    if (silent && speaks && job.wants(repair::content_parts)) {
        one.refusal = refusal_in(message);
    }
    one.empty = silent && !one.refusal;
    return one;
}

void repair_turn(turn& one, repair_job& job) {
    repair_role(one, job);
    repair_keys(one, job);
    repair_content(one, job);
    repair_calls(one, job);
    repair_function_call(one, job);
}

std::string result_id(turn const& one) {
    auto id = one.message.find("tool_call_id");
    return id ? id->string() : std::string();
}

} // namespace vertex_relay::core
