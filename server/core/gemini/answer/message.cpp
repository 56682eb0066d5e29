#include "core/gemini/answer/message.hpp"

#include "core/gemini/edited_text.hpp"
#include "core/json_text.hpp"

#include <fmt/format.h>

namespace vertex_relay::core {

namespace {

std::optional<located_value> google_of(located_value holder) {
    auto extra = holder.find("extra_content");
    return extra ? extra->find("google") : std::nullopt;
}

std::string string_at(located_value holder, std::string_view key) {
    auto value = holder.find(key);
    return value ? value->string() : std::string();
}

/// `"audio":{"data":…}` or `"image":{"data":…}` with an image's media type.
std::optional<std::string> as_image(located_value media) {
    auto bytes = media.find("data");
    auto google = google_of(media);
    auto type = google ? string_at(*google, "mime_type") : std::string();
    if (!bytes || !bytes->is(json_kind::string) || !type.starts_with("image/")) {
        return std::nullopt;
    }
    auto base64 = bytes->text().substr(1, bytes->length() - 2);
    return fmt::format(
        R"("images":[{{"type":"image_url","index":0,"image_url":{{"url":"data:{};base64,{}"}}}}])",
        type, base64);
}

bool is_thought(located_value message) {
    auto google = google_of(message);
    auto thought = google ? google->find("thought") : std::nullopt;
    return thought && thought->text() == "true";
}

/// The Gemini Developer API always marks thoughts with this one.
std::string_view tag_of(answer_wishes const& wishes) {
    return wishes.thought_tag.empty() ? std::string_view("thought") : wishes.thought_tag;
}

/// Whether a whole answer begins with thoughts in the tags that were asked for, flagged or not.
bool is_tagged(located_value content, answer_wishes const& wishes) {
    return !wishes.stream && !wishes.thought_tag.empty() &&
           content.string().starts_with(fmt::format("<{}>", wishes.thought_tag));
}

struct split_text {
    std::string thought;
    std::string said;
};

/// Only tags tell in a whole answer where its thoughts end; without them such an answer is left as
/// it is. One that was cut off while thinking has no end tag.
split_text split_thought(std::string text, bool thinks, answer_wishes const& wishes) {
    auto open = fmt::format("<{}>", tag_of(wishes));
    auto close = fmt::format("</{}>", tag_of(wishes));
    bool opened = thinks && text.starts_with(open);
    if (opened) {
        text.erase(0, open.size());
    }
    auto end = text.find(close);
    bool ends = wishes.stream && (thinks || end == 0); // else it is a word of the answer
    if (end != text.npos && (opened || ends)) {
        return {text.substr(0, end), text.substr(end + close.size())};
    }
    bool all = thinks && (opened || wishes.stream);
    return all ? split_text{std::move(text), {}} : split_text{{}, std::move(text)};
}

/// What is left in `content` is no thought, also where the client sends it back.
void take_out_flag(located_value message, answer_job& job) {
    if (auto google = google_of(message)) {
        append_removals(job.edits, *google,
                        [](located_value member) { return member.key_is("thought"); });
    }
}

/// The text of `arguments`; empty if there is none. Some servers send the object itself.
std::string arguments_of(located_value function) {
    auto arguments = function.find("arguments");
    if (!arguments || arguments->is(json_kind::null)) {
        return {};
    }
    return arguments->is(json_kind::string) ? arguments->string() : std::string(arguments->text());
}

/// A fragment that is not the first repeats id, name and type: clients would append them.
void strip_fragment(located_value call, std::size_t index, answer_job& job) {
    auto function = call.find("function");
    auto text = json_string(function ? arguments_of(*function) : std::string());
    job.replace(repair::tool_calls, call,
                fmt::format(R"({{"index":{},"function":{{"arguments":{}}}}})", index, text));
}

/// Arguments are a text, and in a whole answer always that of an object: clients parse it.
void complete_arguments(located_value function, answer_job& job) {
    auto arguments = function.find("arguments");
    bool whole = !job.wishes.stream;
    if (!arguments) {
        if (whole) {
            job.made.add(repair::tool_calls);
            insert_member(job.edits, function, R"("arguments":"{}")");
        }
        return;
    }
    bool none = arguments->is(json_kind::null) || arguments->text() == "\"\"";
    if (none && whole) {
        job.replace(repair::tool_calls, *arguments, R"("{}")");
    } else if (!none && !arguments->is(json_kind::string)) {
        job.replace(repair::tool_calls, *arguments, json_string(arguments->text()));
    }
}

void complete_call(located_value call, std::size_t index, logged_call const& known,
                   answer_job& job) {
    bool whole_answer = !job.wishes.stream;
    std::string added;
    auto place = call.find("index");
    if (!whole_answer && place && place->text() != std::to_string(index)) {
        job.replace(repair::tool_calls, *place, std::to_string(index));
    } else if (!whole_answer && !place) {
        added += fmt::format("\"index\":{},", index);
    }
    auto id = call.find("id");
    if (id && id->string() != known.id) {
        job.replace(repair::tool_calls, *id, json_string(known.id));
    } else if (!id) {
        added += fmt::format("\"id\":{},", json_string(known.id));
    }
    if (!call.find("type")) {
        added += R"("type":"function",)";
    }
    if (!added.empty()) {
        added.pop_back(); // the last comma
        job.made.add(repair::tool_calls);
        insert_member(job.edits, call, std::move(added));
    }
    if (auto function = call.find("function"); function && function->is(json_kind::object)) {
        complete_arguments(*function, job);
    }
}

/// As the client wrote it.
void name_function(located_value function, answer_job& job) {
    auto name = function.find("name");
    if (!name || !name->is(json_kind::string)) {
        return;
    }
    auto written = name->string();
    auto own = job.wishes.names.to_client(written);
    if (own != written) {
        job.replace(repair::tool_names, *name, json_string(own));
    }
}

void note_call(located_value call, logged_call& known) {
    auto function = call.find("function");
    constexpr std::size_t arguments_max = 1024 * 1024; // found by their id, then
    if (function && known.arguments.size() < arguments_max) {
        known.arguments += arguments_of(*function);
    }
    auto google = google_of(call);
    auto signature = google ? string_at(*google, "thought_signature") : std::string();
    if (!signature.empty()) {
        known.signature = std::move(signature);
    }
}

} // namespace

void repair_thoughts(located_value message, choice_state& state, answer_job& job) {
    auto content = message.find("content");
    if (!content || !content->is(json_kind::string) || message.find("reasoning_content") ||
        !job.wants(repair::thoughts)) {
        return;
    }
    bool thinks = is_thought(message) || is_tagged(*content, job.wishes);
    if (!thinks && !state.thinking) {
        return;
    }
    auto [thought, said] = split_thought(content->string(), thinks, job.wishes);
    state.thinking = job.wishes.stream && thinks && said.empty();
    if (thought.empty()) { // the end tag opened the first piece of the answer
        if (said != content->string()) {
            job.replace(repair::thoughts, *content, json_string(said));
            take_out_flag(message, job);
        }
        return;
    }
    job.made.add(repair::thoughts);
    std::string rest;
    if (!said.empty()) {
        rest = fmt::format("\"content\":{},", json_string(said));
        take_out_flag(message, job);
    } else if (!job.wishes.stream) {
        rest = "\"content\":null,"; // tools alone, or cut off before
    }
    auto from = content->member_offset();
    job.edits.push_back({from, content->end_offset() - from,
                         fmt::format("{}\"reasoning_content\":{}", rest, json_string(thought))});
}

std::optional<std::string> image_beside(located_value choice) {
    auto image = choice.find("image");
    return image ? as_image(*image) : std::nullopt;
}

void repair_media(located_value choice, located_value message, answer_job& job) {
    if (!job.wants(repair::media) || message.find("images")) {
        return;
    }
    if (auto audio = message.find("audio")) {
        if (auto images = as_image(*audio)) {
            job.made.add(repair::media);
            auto from = audio->member_offset();
            job.edits.push_back({from, audio->end_offset() - from, std::move(*images)});
        }
    } else if (auto images = image_beside(choice)) {
        job.made.add(repair::media);
        insert_member(job.edits, message, std::move(*images));
    }
}

void repair_answer_calls(located_value message, choice_state& state, answer_job& job) {
    if (auto older = message.find("function_call")) {
        name_function(*older, job);
    }
    auto calls = message.find("tool_calls");
    if (!calls || !calls->is(json_kind::array)) {
        return;
    }
    auto seed = state.index == 0 ? std::string(job.seed)
                                 : fmt::format("{}_{}", job.seed, state.index);
    for (auto call : calls->children()) {
        if (!call.is(json_kind::object)) {
            continue;
        }
        auto function = call.find("function");
        auto name = function ? string_at(*function, "name") : std::string();
        auto id = string_at(call, "id");
        auto index = call.find("index");
        call_mark mark{id, name, index ? index->text() : std::string_view()};
        auto place = job.wishes.stream ? state.calls.add(mark, seed)
                                       : state.calls.add_whole(mark, seed);
        auto& known = state.calls.at(place.index);
        note_call(call, known);
        if (!place.fresh && job.wishes.stream && job.wants(repair::tool_calls)) {
            strip_fragment(call, place.index, job);
            continue;
        }
        if (function) {
            name_function(*function, job);
        }
        if (job.wants(repair::tool_calls)) {
            complete_call(call, place.index, known, job);
        }
    }
}

} // namespace vertex_relay::core
