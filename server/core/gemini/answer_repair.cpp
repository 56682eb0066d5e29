#include "core/gemini/answer_repair.hpp"

#include "core/ascii.hpp"
#include "core/gemini/answer/finish_reason.hpp"
#include "core/gemini/answer/usage.hpp"
#include "core/gemini/edited_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace vertex_relay::core {

namespace {

constexpr std::string_view done = "[DONE]";
constexpr std::string_view role_member = R"("role":"assistant")";

/// Of an answer without any choice. Gemini's other interfaces make none to a prompt that they block
/// and generate nothing; how this one does is documented nowhere.
std::string_view reason_without_choice(std::optional<token_usage> const& counts) {
    return counts && counts->generated() > 0 ? "stop" : "content_filter";
}

std::uint64_t number_at(located_value holder, std::string_view key) {
    auto value = holder.find(key);
    return value ? ascii::parse_decimal<std::uint64_t>(value->text()).value_or(0) : 0;
}

} // namespace

answer_repair::answer_repair(answer_wishes wishes, located_json& tree, signature_sink remember)
    : wishes_(std::move(wishes)), tree_(tree), remember_(std::move(remember)) {}

// -------------------------------------------------------------------------------------- streams

answer_repair::event answer_repair::next_event(std::string_view text) {
    event one;
    std::size_t at = 0;
    int lines = 0; // of data: Vertex AI writes one; an event of several is left alone
    while (at < text.size()) {
        auto lf = std::min(text.find('\n', at), text.size());
        auto end = std::min(text.substr(0, lf).find('\r', at), lf);
        auto line = text.substr(at, end - at);
        bool crlf = end + 1 < text.size() && text[end] == '\r' && text[end + 1] == '\n';
        at = std::min(end + (crlf ? 2 : 1), text.size());
        if (line.starts_with("data:")) {
            one.payload = ++lines == 1 ? ascii::trim(line.substr(5)) : std::string_view();
        }
        if (line.empty()) {
            break;
        }
    }
    one.all = text.substr(0, at);
    return one;
}

std::string_view answer_repair::events(std::string_view whole, std::string& scratch) {
    scratch.clear();
    bool same = true;
    std::size_t kept = 0; // bytes of `whole` that are not yet in `scratch`, while all is the same
    for (auto rest = whole; !rest.empty();) {
        auto one = next_event(rest);
        auto before = scratch.size();
        repair_event(one, scratch);
        bool unchanged = std::string_view(scratch).substr(before) == one.all;
        if (same && unchanged) {
            scratch.resize(before);
            kept += one.all.size();
        } else if (same) {
            same = false;
            scratch.insert(0, whole.substr(0, kept));
        }
        rest.remove_prefix(one.all.size());
    }
    return same ? whole : std::string_view(scratch);
}

void answer_repair::repair_event(event const& one, std::string& out) {
    if (one.payload == done) {
        out += ending();
        out += one.all;
        return;
    }
    if (!one.payload.starts_with('{')) {
        out += one.all;
        return;
    }
    auto at = static_cast<std::size_t>(one.payload.data() - one.all.data());
    auto before = out.size();
    out += one.all.substr(0, at);
    if (!repair_payload(one.payload, out)) {
        out.resize(before);
        return;
    }
    out += one.all.substr(at + one.payload.size());
}

/// Appends what to send instead; false: nothing, the whole event goes.
bool answer_repair::repair_payload(std::string_view payload, std::string& out) {
    if (twin_.matches(payload)) {
        twin_.append(out, payload);
        return true;
    }
    twin_.forget();
    auto root = tree_.read(payload);
    if (!root || !root->is(json_kind::object) || root->find("error")) {
        out += payload;
        return true;
    }
    edits_.clear();
    drops_chunk_ = false;
    auto text = text_of_twins(*root);
    repair_chunk(*root);
    append_edited(out, payload, edits_);
    if (text) {
        twin_.learn(payload, *text, edits_);
    }
    return !drops_chunk_;
}

/// The text of a chunk that changes nothing here, whatever it says: later ones are treated alike.
std::optional<located_value> answer_repair::text_of_twins(located_value chunk) const {
    auto choices = chunk.find("choices");
    if (!choices || choices->children().size() != 1 || chunk.find("usage")) {
        return std::nullopt;
    }
    auto choice = *choices->children().begin();
    auto known = std::ranges::find(choices_, number_at(choice, "index"), &choice_state::index);
    bool begun = known != choices_.end() && known->role_seen && !known->thinking;
    auto delta = choice.find("delta");
    auto reason = choice.find("finish_reason");
    bool more = (reason && reason->is(json_kind::string)) || !delta ||
                delta->find("tool_calls") || delta->find("extra_content");
    auto text = begun && !more ? delta->find("content") : std::nullopt;
    return text && text->is(json_kind::string) ? text : std::nullopt;
}

void answer_repair::repair_chunk(located_value chunk) {
    note_identity(chunk);
    bool says = false;
    if (auto choices = chunk.find("choices")) {
        for (auto choice : choices->children()) {
            auto& state = state_of(choice);
            auto delta = choice.find("delta");
            if (delta && delta->is(json_kind::object)) {
                repair_delta(choice, *delta, state);
            } else {
                fill_in(repair::missing_fields, choice, delta, "\"delta\":{}");
            }
            repair_reason(choice, state);
            says = true;
        }
    }
    repair_usage(chunk);
    drops_chunk_ = !says && !usage_.empty(); // it was usage alone, which comes again at the end
}

void answer_repair::repair_delta(located_value choice, located_value delta, choice_state& state) {
    auto work = job();
    repair_role(delta, state);
    repair_thoughts(delta, state, work);
    repair_media(choice, delta, work);
    repair_answer_calls(delta, state, work);
}

void answer_repair::repair_role(located_value delta, choice_state& state) {
    auto role = delta.find("role");
    if (wants(repair::roles_once) && role && state.role_seen) {
        made_.add(repair::roles_once);
        append_removals(edits_, delta, [&](located_value member) { return member == *role; });
    } else if (wants(repair::roles_once) && !role && !state.role_seen) {
        made_.add(repair::roles_once);
        insert_member(edits_, delta, std::string(role_member));
    }
    state.role_seen = true;
}

/// `member` where there is no such one, or only null.
void answer_repair::fill_in(repair why, located_value holder, std::optional<located_value> old,
                            std::string member) {
    if (!wants(why) || !holder.is(json_kind::object) || (old && !old->is(json_kind::null))) {
        return;
    }
    made_.add(why);
    if (old) {
        auto from = old->member_offset();
        edits_.push_back({from, old->end_offset() - from, std::move(member)});
    } else {
        insert_member(edits_, holder, std::move(member));
    }
}

void answer_repair::repair_reason(located_value choice, choice_state& state) {
    auto reason = choice.find("finish_reason");
    if (!reason || !reason->is(json_kind::string)) {
        return;
    }
    state.finished = true;
    remember(state);
    auto written = reason->string();
    auto known = openai_finish_reason(written, !state.calls.calls().empty());
    if (written != known && written != "function_call" && wants(repair::finish_reasons)) {
        made_.add(repair::finish_reasons);
        edits_.push_back({reason->offset(), reason->length(),
                          fmt::format(R"("{}","native_finish_reason":{})", known, reason->text())});
    }
}

/// Counted always, given only where it is to be repaired.
std::optional<located_value> answer_repair::find_usage(located_value holder) {
    auto usage = holder.find("usage");
    if (!usage || !usage->is(json_kind::object)) {
        return std::nullopt;
    }
    counts_ = read_usage(*usage);
    return wants(repair::usage) ? usage : std::nullopt;
}

/// Usage goes out in a chunk of its own behind the last, and only where it was asked for.
void answer_repair::repair_usage(located_value chunk) {
    auto usage = find_usage(chunk);
    if (!usage) {
        return;
    }
    made_.add(repair::usage);
    usage_.clear();
    auto edits = relative_to(usage_edits(*usage, *counts_), usage->offset());
    append_edited(usage_, usage->text(), edits);
    append_removals(edits_, chunk, [&](located_value member) { return member == *usage; });
}

std::string answer_repair::ending() {
    if (std::exchange(ended_, true)) {
        return {};
    }
    std::string text;
    bool spoke = !head_.empty(); // in events that were understood
    if (choices_.empty() && spoke && wants(repair::missing_fields)) {
        made_.add(repair::missing_fields);
        text += frame_chunk(fmt::format(R"({{"delta":{{{}}},"finish_reason":"{}","index":0}})",
                                        role_member, reason_without_choice(counts_)),
                            "");
    }
    for (auto& state : choices_) {
        remember(state);
        if (!state.finished && wants(repair::finish_reasons)) {
            made_.add(repair::finish_reasons);
            auto reason = openai_finish_reason("", !state.calls.calls().empty());
            text += frame_chunk(fmt::format(R"({{"delta":{{}},"finish_reason":"{}","index":{}}})",
                                            reason, state.index),
                                "");
        }
    }
    if (wishes_.include_usage && !usage_.empty()) {
        text += frame_chunk("", fmt::format(",\"usage\":{}", usage_));
    }
    return text;
}

std::string answer_repair::frame_chunk(std::string_view choices, std::string_view more) const {
    return fmt::format("data: {{\"choices\":[{}],{}\"object\":\"chat.completion.chunk\"{}}}\n\n",
                       choices, head_, more);
}

/// What chunks of our own repeat; the first chunk tells.
void answer_repair::note_identity(located_value chunk) {
    if (!head_.empty()) {
        return;
    }
    for (std::string_view key : {"created", "id", "model"}) {
        if (auto value = chunk.find(key)) {
            ((((head_ += '"') += key) += "\":") += value->text()) += ',';
        }
    }
    note_id(chunk);
}

void answer_repair::note_id(located_value answer) {
    auto id = answer.find("id");
    id_ = id ? id->string() : std::string("relay");
}

choice_state& answer_repair::state_of(located_value choice) {
    auto index = number_at(choice, "index");
    auto known = std::ranges::find(choices_, index, &choice_state::index);
    if (known != choices_.end()) {
        return *known;
    }
    choices_.push_back({.index = index});
    return choices_.back();
}

void answer_repair::remember(choice_state const& state) {
    for (auto const& one : state.calls.calls()) {
        if (!one.signature.empty() && remember_) {
            remember_({one.id, one.name, one.arguments}, one.signature);
        }
    }
}

// --------------------------------------------------------------------------------- whole answers

std::string_view answer_repair::answer(std::string_view json, std::string& scratch) {
    auto root = tree_.read(json);
    if (!root || !root->is(json_kind::object)) {
        return json;
    }
    edits_.clear();
    note_id(*root);
    if (auto choices = root->find("choices")) {
        for (auto choice : choices->children()) {
            auto& state = state_of(choice);
            repair_message(choice, state);
            repair_reason(choice, state);
            complete_reason(choice, state);
        }
    }
    auto usage = find_usage(*root);
    if (choices_.empty()) {
        add_choice(*root);
    }
    if (usage) {
        auto corrected = usage_edits(*usage, *counts_);
        if (!corrected.empty()) {
            made_.add(repair::usage);
        }
        std::ranges::move(corrected, std::back_inserter(edits_));
    }
    if (edits_.empty()) {
        return json;
    }
    scratch.clear();
    append_edited(scratch, json, edits_);
    return scratch;
}

void answer_repair::repair_message(located_value choice, choice_state& state) {
    auto work = job();
    auto message = choice.find("message");
    if (!message || !message->is(json_kind::object)) {
        auto content = choice.find("content"); // some pages show it like that
        auto images = wants(repair::media) ? image_beside(choice) : std::nullopt;
        fill_in(repair::missing_fields, choice, message,
                fmt::format(R"("message":{{"content":{},{}{}{}}})",
                            content ? content->text() : "null", role_member, images ? "," : "",
                            images.value_or("")));
        return;
    }
    repair_thoughts(*message, state, work);
    repair_media(choice, *message, work);
    repair_answer_calls(*message, state, work);
    if (!message->find("content")) {
        fill_in(repair::missing_fields, *message, std::nullopt, R"("content":null)");
    }
    fill_in(repair::missing_fields, *message, message->find("role"), std::string(role_member));
}

/// A whole answer has ended, whatever it says of that.
void answer_repair::complete_reason(located_value choice, choice_state& state) {
    if (std::exchange(state.finished, true)) {
        return;
    }
    remember(state);
    auto word = openai_finish_reason("", !state.calls.calls().empty());
    fill_in(repair::finish_reasons, choice, choice.find("finish_reason"),
            fmt::format(R"("finish_reason":"{}")", word));
}

/// Clients look at the first choice without looking whether there is one.
void answer_repair::add_choice(located_value root) {
    auto object = root.find("object");
    if (!root.find("choices") && !(object && object->string_is("chat.completion"))) {
        return;
    }
    auto choice = fmt::format(
        R"({{"finish_reason":"{}","index":0,"message":{{"content":null,{}}}}})",
        reason_without_choice(counts_), role_member);
    auto choices = root.find("choices");
    if (choices && choices->is(json_kind::array) && wants(repair::missing_fields)) {
        made_.add(repair::missing_fields);
        edits_.push_back({choices->offset() + 1, 0, std::move(choice)});
    } else {
        fill_in(repair::missing_fields, root, choices, fmt::format("\"choices\":[{}]", choice));
    }
}

} // namespace vertex_relay::core
